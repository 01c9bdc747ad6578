"""The look-up of forms in plain Python: FNV-1a (Fowler, Noll, Vo) over code points into an open-addressing table.

A slot of the table holds the hash's top 12 bits over the form's 20-bit id; collisions go to the next slot. The kernels
in `augsvc.kernels.match` do the same on bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from augsvc.types import NOTHING, Uint32s

BASIS = 0xCBF29CE484222325
PRIME = 0x100000001B3
ID_BITS = 20
_MASK64 = 2**64 - 1


def hash_of(folded: str) -> int:
    """Return the 64-bit hash of a folded form."""
    h = BASIS
    for character in folded:
        h = ((h ^ ord(character)) * PRIME) & _MASK64
    return h


def candidates(folded: str, slots: Uint32s) -> Iterator[int]:
    """Yield the ids whose 12-bit fingerprint equals that of `folded`, in probing order."""
    h = hash_of(folded)
    place = (h >> ID_BITS) & (len(slots) - 1)
    while (value := int(slots[place])) != NOTHING:
        if value >> ID_BITS == h >> 52:
            yield value & (2**ID_BITS - 1)
        place = (place + 1) & (len(slots) - 1)


def filled(forms: Sequence[str]) -> Uint32s:
    """Return the table, at most half full, of folded forms whose ids are their positions."""
    size = 1 << (2 * len(forms) - 1).bit_length()
    slots = [NOTHING] * size
    for number, form in enumerate(forms):
        h = hash_of(form)
        place = (h >> ID_BITS) & (size - 1)
        while slots[place] != NOTHING:
            place = (place + 1) & (size - 1)
        slots[place] = (h >> 52) << ID_BITS | number
    return np.array(slots, np.uint32)
