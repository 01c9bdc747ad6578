"""Plain-Python twin of augsvc.kernels.utf8 and match: folding by a dict of characters, look-up by a dict of forms."""

from __future__ import annotations

import struct
from itertools import pairwise

import numpy as np

from augsvc.types import CharClass, PackTables


class Unicode:
    """The pack's Unicode tables as plain dicts."""

    def __init__(self, tables: PackTables) -> None:
        points = np.arange(0x110000)
        where = tables.unicode_page[points >> 7].astype(np.int64) << 7 | points & 127
        self._classes = tables.unicode_class[where].tobytes()
        delta = tables.unicode_fold[where]
        self.folded = {int(point): int(point + delta[point]) for point in np.flatnonzero(delta)}
        self.folded[0x2019] = ord("'")

    def char_class(self, character: str) -> CharClass:
        return CharClass(self._classes[ord(character)])

    def fold(self, text: str) -> str:
        return text.translate(self.folded)


def forms_of(tables: PackTables) -> list[str]:
    """Return the pack's forms by their ids."""
    blob, offsets = tables.text_blob.tobytes(), tables.form_offset.tolist()
    return [blob[start:end].decode() for start, end in pairwise(offsets)]


def hash_of(text: str) -> int:
    """Return the 64-bit hash of folded text: UTF-8 in words of eight bytes, then the length."""
    data = text.encode()
    padded = data.ljust(-(-len(data) // 8) * 8, b"\0")
    words = (*struct.unpack(f"<{len(padded) // 8}Q", padded), len(data))
    h = 0x9E3779B97F4A7C15
    for left, word in zip(range(len(words) - 1, -1, -1), words, strict=True):
        h = (h ^ word) * (0xBF58476D1CE4E5B9 if left else 0x94D049BB133111EB) % 2**64
        h ^= h >> 32
    return h
