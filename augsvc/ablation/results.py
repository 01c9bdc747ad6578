"""Finished runs in a folder, a JSON file for each, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import rfc8785
from pydantic import ValidationError

from augsvc.ablation.figures import Figures
from augsvc.torch.regularizers import RegularizationPlan


@dataclass(frozen=True, slots=True)
class Run:
    """A row of the experiment under one seed."""

    row: str
    plan: RegularizationPlan
    seed: int

    @property
    def digest(self) -> str:
        """16 hex digits of the plan."""
        return hashlib.sha256(rfc8785.dumps(self.plan.document())).hexdigest()[:16]


class Results:
    """The runs of one experiment that are finished; several processes may add to them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, run: Run) -> Figures | None:
        """Return the figures of a finished run; None for one that is not, or whose file is damaged."""
        try:
            return Figures.model_validate_json(self._path(run).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def put(self, run: Run, figures: Figures) -> None:
        """Keep the figures of a run."""
        path = self._path(run)
        temporary = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}")
        temporary.write_text(figures.model_dump_json(), encoding="utf-8")
        temporary.replace(path)

    def _path(self, run: Run) -> Path:
        return self._folder / f"{run.row}-{run.digest}-{run.seed}.json"
