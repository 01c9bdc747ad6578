"""The pure function: `augment(texts, pipeline, lexicon, keys)`, and what a pipeline is."""

from __future__ import annotations

from augsvc.pipeline.presets import PRESETS, Preset, faults_of, parse
from augsvc.pipeline.results import Augmented, Edit, results
from augsvc.pipeline.run import augment
from augsvc.pipeline.spec import Pipeline

__all__ = ["PRESETS", "Augmented", "Edit", "Pipeline", "Preset", "augment", "faults_of", "parse", "results"]
