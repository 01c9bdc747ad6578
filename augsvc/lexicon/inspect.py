"""Checking a pack against the digest in its header."""

from __future__ import annotations

from pathlib import Path

from augsvc.errors import InvalidInput
from augsvc.lexicon.pack import Lexicon
from augsvc.lexicon.tensors import digest_of


def verify(path: Path | None = None) -> str:
    """Recompute the digest of a pack, by default the one that ships, from its content and return it.

    Raises:
        InvalidInput: there is no pack, or its content is not what its header says.
    """
    lexicon = Lexicon.open(path)
    digest = digest_of(lexicon.tensors)
    if digest != lexicon.digest:
        raise InvalidInput(f"{lexicon.path} is damaged: its content hashes to {digest}, not {lexicon.digest}.")
    return digest
