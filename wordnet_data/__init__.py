"""The compiled English lexicon pack as data: `PACK` is its path. README.md says what it was made from."""

from __future__ import annotations

from pathlib import Path

PACK = Path(__file__).parent / "en.safetensors"
"""The English pack, built by `augsvc lexicon build`."""
