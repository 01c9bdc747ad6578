"""Plain-Python twin of augsvc.kernels.utf8 and match: folding by a dict of characters, look-up by a dict of forms."""

from __future__ import annotations

from functools import reduce
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


def fnv1a(text: str) -> int:
    """Return the 64-bit FNV-1a hash over code points."""
    return reduce(lambda h, char: (h ^ ord(char)) * 0x100000001B3 % 2**64, text, 0xCBF29CE484222325)
