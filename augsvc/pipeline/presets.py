"""Pipelines by name, each with its source, and reading a pipeline from a name or a document."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError

from augsvc.constraints import Protect
from augsvc.errors import Fault, InvalidPipeline
from augsvc.ops import (
    AdverbialFronting,
    AdverbPlacement,
    Aeda,
    Comparative,
    Contraction,
    Genitive,
    KeyboardNoise,
    ModalPeriphrase,
    ParticleMovement,
    RandomDeletion,
    RandomInsertion,
    RandomSwap,
    RelativePronoun,
    Spelling,
    Synonym,
    ThatComplement,
)
from augsvc.ops.rate import SCHEDULE, SHARE
from augsvc.pipeline.composition import OneOf
from augsvc.pipeline.spec import Pipeline
from augsvc.types import JsonObject


class Preset(NamedTuple):
    """A pipeline with a name, what it is for, and the work it follows."""

    name: str
    summary: str
    source: str
    pipeline: Pipeline

    def document(self) -> JsonObject:
        """Return the preset's entry in the catalogue."""
        return self._asdict() | {"pipeline": self.pipeline.document()}


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "regularize",
            "The default for training: one word in ten replaced by a synonym.",
            "Zhang, Zhao and LeCun, Character-level convolutional networks for text classification, NeurIPS 2015",
            Pipeline(ops=(Synonym(rate=0.1),)),
        ),
        Preset(
            "eda",
            "Text classification with little data: synonyms, insertions, swaps or deletions, one of the four a text.",
            "Wei and Zou, EDA: Easy data augmentation techniques for boosting performance on text classification "
            "tasks, EMNLP 2019",
            Pipeline(
                ops=(
                    OneOf(
                        ops=(
                            Synonym(rate=0.1, min_edits=1),
                            RandomInsertion(rate=0.1, min_edits=1),
                            RandomSwap(rate=0.1, min_edits=1),
                            RandomDeletion(rate=0.1),
                        )
                    ),
                )
            ),
        ),
        Preset(
            "aeda",
            "The same with every word in its place: punctuation inserted after one word in six.",
            "Karimi, Rossi and Prati, AEDA: An easier data augmentation technique for text classification, Findings of "
            "EMNLP 2021",
            Pipeline(ops=(Aeda(rate=0.167, min_edits=1),)),
        ),
        Preset(
            "gentle",
            "Other words for the same sentence: correct in, correct out, the meaning and the label unchanged.",
            "The alternations of Huddleston and Pullum, The Cambridge Grammar of the English Language, 2002; as "
            "augmentation: Dhole et al., NL-Augmenter, 2021",
            Pipeline(
                ops=(
                    Contraction(rate=0.1),
                    ThatComplement(rate=0.05),
                    ParticleMovement(rate=0.05),
                    AdverbialFronting(rate=0.05, max_edits=1),
                    AdverbPlacement(rate=0.05),
                    Genitive(rate=0.05),
                    ModalPeriphrase(rate=0.05),
                    Comparative(rate=0.05),
                    RelativePronoun(rate=0.05),
                )
            ),
        ),
        Preset(
            "learner-errors",
            "The errors of learners of English, kind by kind as often as they make them.",
            "Bryant, Felice, Andersen and Briscoe, The BEA-2019 shared task on grammatical error correction, 2019; the "
            "rates are fitted by benchmarks/learner.py",
            Pipeline.model_validate_json(
                files(__package__).joinpath("learner_errors.json").read_text("utf-8"), strict=True
            ),
        ),
        Preset(
            "robustness",
            "Models that will read typed text: one word in twenty with a typing error.",
            "Belinkov and Bisk, Synthetic and natural noise both break neural machine translation, ICLR 2018; Pruthi, "
            "Dhingra and Lipton, Combating adversarial misspellings with robust word recognition, ACL 2019",
            Pipeline(
                ops=(
                    KeyboardNoise(rate=0.02),
                    Spelling(rate=0.01, variant="transposed"),
                    Spelling(rate=0.01, variant="doubled"),
                    Spelling(rate=0.01, variant="dropped"),
                ),
                # people mistype short words, too
                protect=Protect(kinds=tuple(kind for kind in Protect().kinds if kind != "function")),
            ),
        ),
    )
}


def parse(value: str | Mapping[str, Any] | Pipeline) -> Pipeline:
    """Return the pipeline that a preset's name (a str always is one), a mapping or a Pipeline stands for.

    Raises InvalidPipeline, whose faults hold JSON pointers into the mapping.
    """
    if isinstance(value, Pipeline):
        return value
    if isinstance(value, str):
        if value not in PRESETS:
            raise InvalidPipeline(f"no preset is named {value!r}: there are {', '.join(PRESETS)}")
        return PRESETS[value].pipeline
    # dict first: to ask whether it is a Mapping takes as long as a step of the engine
    document = value if isinstance(value, dict) else _plain(value)
    try:
        return _validated(orjson.dumps(document))
    except (TypeError, ValueError, RecursionError) as error:
        faults = faults_of(error) if isinstance(error, ValidationError) else [Fault("", str(error))]
        detail = "; ".join(f"{pointer or '/'}: {reason}" for pointer, reason in faults[:3])
        raise InvalidPipeline(f"not a pipeline: {detail}", faults=faults) from None


def _plain(value: object) -> dict[Any, Any]:
    if not isinstance(value, Mapping):
        raise InvalidPipeline(f"a pipeline is a preset's name, a mapping or a Pipeline, not {type(value).__name__}")
    return dict(value)


@lru_cache(maxsize=64)
def _validated(document: bytes) -> Pipeline:
    # kept, because validation takes longer than augmenting a short text
    return Pipeline.model_validate_json(document, strict=True)


def faults_of(error: ValidationError, prefix: str = "") -> list[Fault]:
    """Return what pydantic found wrong, as RFC 6901 pointers and sentences; union tags are left out of the pointers."""
    faults = error.errors(include_url=False)
    # a list is called too short when one of its items is at fault
    inside = {fault["loc"][:depth] for fault in faults for depth in range(len(fault["loc"]))}
    return [
        Fault(prefix + _pointer(fault["loc"]), fault["msg"].removeprefix("Value error, "))
        for fault in faults
        if fault["type"] != "too_short" or fault["loc"] not in inside
    ]


def _pointer(location: tuple[int | str, ...]) -> str:
    # pydantic writes the tag of a discriminated union after the index of the item, or the field, that carries it
    parts = [part for i, part in enumerate(location) if not (i and _is_tag(location, i))]
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _is_tag(location: tuple[int | str, ...], i: int) -> bool:
    of_member = isinstance(location[i - 1], int) and any(place in location[:i] for place in ("ops", "passes"))
    return location[i] in (SHARE, SCHEDULE) or (of_member and isinstance(location[i], str))
