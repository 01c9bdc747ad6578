"""The builder of English packs; it needs the extra `lexicon` (NLTK, LemmInflect, safetensors, unicodedata2)."""

from __future__ import annotations

from augsvc.lexicon.builder.build import STEPS, Summary, build

__all__ = ["STEPS", "Summary", "build"]
