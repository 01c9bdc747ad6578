"""Finished runs in a folder, a JSON file for each, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import ValidationError

from augsvc.ablation.figures import Figures


class Results:
    """The runs of one experiment that are finished; several processes may add to them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, row: str, seed: int) -> Figures | None:
        """Return the figures of a finished run; None for one that is not, or whose file is damaged."""
        try:
            return Figures.model_validate_json(self._path(row, seed).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def put(self, row: str, figures: Figures) -> None:
        """Keep the figures of a run."""
        path = self._path(row, figures.seed)
        temporary = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}")
        temporary.write_text(figures.model_dump_json(), encoding="utf-8")
        temporary.replace(path)

    def _path(self, row: str, seed: int) -> Path:
        return self._folder / f"{row}-{seed}.json"
