"""What an ablation is asked for, and the fingerprint by which a later call finds what is done."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import rfc8785
from pydantic import BaseModel, ConfigDict, Field

from augsvc.ablation.defaults import PLAN, PRETRAINED_PLAN
from augsvc.ablation.families import PRETRAINED, sources_of
from augsvc.ablation.imported import PACKAGE
from augsvc.ablation.training import METRICS, Course
from augsvc.errors import InvalidInput
from augsvc.inprocess import default_lexicon
from augsvc.pipeline.presets import PRESETS
from augsvc.torch.regularizers import RegularizationPlan, load_plan
from augsvc.types import JsonObject

COURSE = Course(steps=256, batch_size=32, learning_rate=2e-3)
PRETRAINED_COURSE = Course(steps=64, batch_size=16, learning_rate=5e-5, points=8)
"""How models over word vectors and pretrained encoders are trained by default."""


ELSEWHERE = {"train", "test", "vectors", "unlabelled", "plan"}
"""Settings that are no part of the fingerprint as they stand: of files the content is, and each run has its plan."""


class Settings(BaseModel):
    """An ablation: data, model, plan, and how long each model is trained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    train: Path
    test: Path
    model: str = "transformer"
    n: Annotated[int, Field(ge=2)] = 500
    plan: RegularizationPlan | None = None
    """What `ablate` takes apart; `compare` is given plans of its own."""
    vectors: Path | None = None
    unlabelled: tuple[Path, ...] = ()
    text_column: str | None = None
    label_column: str | None = None
    course: Course
    held_out: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """Share of the rows that early stopping watches and that is not trained on."""
    longest: Annotated[int, Field(ge=1)] = 64
    """Words, or a pretrained encoder's pieces, of a text that are read."""

    @property
    def pretrained(self) -> bool:
        """Whether the model is an encoder of `transformers`, which needs no word vectors."""
        return self.model.startswith(PRETRAINED)

    def fingerprint(self) -> str:
        """Return 32 hex digits of what results depend on: files' content, settings, lexicon, presets and our code."""
        files: dict[str, Iterable[Path | None]] = {
            "train": [self.train],
            "test": [self.test],
            "vectors": [self.vectors],
            "unlabelled": self.unlabelled,
            "model": sources_of(self.model),
        }
        depended: JsonObject = {
            "settings": self.model_dump(mode="json", exclude=ELSEWHERE),
            "files": {role: [*_digests(paths)] for role, paths in files.items()},
            "lexicon": default_lexicon().digest,
            "presets": {name: preset.pipeline.document() for name, preset in PRESETS.items()},
            "code": [*_digests(sorted(PACKAGE.rglob("*.py")))],
            "torch": version("torch"),
        }
        return hashlib.sha256(rfc8785.dumps(depended)).hexdigest()[:32]


def _digests(paths: Iterable[Path | None]) -> Iterator[str]:
    """Yield the SHA-256 of each file."""
    for path in paths:
        for file in files_of(path) if path else ():
            with file.open("rb") as stream:
                yield hashlib.file_digest(stream, "sha256").hexdigest()


def files_of(path: Path) -> list[Path]:
    """Return a file, or all files of a folder, by name; raises InvalidInput where there is none."""
    found = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    if not found or not found[0].exists():
        raise InvalidInput(f"{path} is not there, or empty: name a file, or a folder of files")
    return found


def settings_of(*, plan: str | None, course: Mapping[str, Any], **given: Any) -> Settings:
    """Return settings in which what is None has the default of its model; raises InvalidInput for faults.

    `plan` is a preset's name or a file of JSON or YAML; `course` has the fields of `Course`.
    """
    pretrained = given["model"].startswith(PRETRAINED)
    chosen = {name: value for name, value in course.items() if value is not None}
    loaded = load_plan(plan) if plan else PRETRAINED_PLAN if pretrained else PLAN
    if loaded.early_stopping and loaded.early_stopping.metric not in METRICS:
        raise InvalidInput(f"early stopping can watch {' or '.join(METRICS)}, not {loaded.early_stopping.metric!r}")
    trained = replace(PRETRAINED_COURSE if pretrained else COURSE, **chosen)
    if not math.isfinite(trained.learning_rate):
        raise InvalidInput(f"a learning rate is finite, not {trained.learning_rate}")
    return Settings(plan=loaded, course=trained, **given)
