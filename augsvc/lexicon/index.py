"""The look-up of forms in plain Python: a hash of folded UTF-8, an open-addressing table, and short forms as numbers.

A slot of the table holds the hash's top 12 bits over the form's 20-bit id; collisions go to the next slot. The kernels
in `augsvc.kernels.hashing` and `augsvc.kernels.match` do the same, eight bytes at a time, by the same constants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from augsvc.types import (
    HASH_FACTOR,
    HASH_LAST_FACTOR,
    HASH_SEED,
    ID_BITS,
    KEY_BYTES,
    NOTHING,
    PRINT_BITS,
    Uint32s,
    Uint64s,
)

_MASK64 = 2**64 - 1


def hash_of(folded: str) -> int:
    """Return the 64-bit hash of a folded form: its words of eight bytes, little-endian, and then its length."""
    data = folded.encode()
    h = HASH_SEED
    for start in range(0, len(data), 8):
        h = mixed(h, int.from_bytes(data[start : start + 8], "little"))
    return mixed(h, len(data), HASH_LAST_FACTOR)


def mixed(h: int, word: int, factor: int = HASH_FACTOR) -> int:
    """Take one word of 64 bits into a hash."""
    h = (h ^ word) * factor & _MASK64
    return h ^ h >> 32


def candidates(folded: str, slots: Uint32s | memoryview) -> Iterator[int]:
    """Yield the ids whose 12-bit fingerprint equals that of `folded`, in probing order."""
    h = hash_of(folded)
    place = (h >> ID_BITS) & (len(slots) - 1)
    while (value := int(slots[place])) != NOTHING:
        if value >> ID_BITS == h >> 64 - PRINT_BITS:
            yield value & (2**ID_BITS - 1)
        place = (place + 1) & (len(slots) - 1)


def filled(forms: Sequence[str]) -> Uint32s:
    """Return the table, at most three fifths full, of folded forms whose ids are their positions."""
    import numpy as np

    size = 1 << (5 * len(forms) // 3).bit_length()
    slots = [NOTHING] * size
    _insert(slots, enumerate(forms))
    return np.array(slots, np.uint32)


def keys(forms: Sequence[str]) -> Uint64s:
    """Return [F, 2]: the UTF-8 of each form as two little-endian words, zeros for a form of more than 16 bytes."""
    import numpy as np

    encoded = [form.encode() for form in forms]
    short = b"".join(text.ljust(KEY_BYTES, b"\0") if len(text) <= KEY_BYTES else bytes(KEY_BYTES) for text in encoded)
    return np.frombuffer(short, "<u8").reshape(-1, 2)


def inserted(slots: Uint32s, forms: Mapping[str, int]) -> Uint32s:
    """Return a copy of a table, as large, with further folded forms by their ids; it must have room for them."""
    copy = slots.copy()
    _insert(copy, ((number, form) for form, number in forms.items()))
    return copy


def _insert(slots: list[int] | Uint32s, forms: Iterable[tuple[int, str]]) -> None:
    mask = len(slots) - 1
    for number, form in forms:
        h = hash_of(form)
        place = (h >> ID_BITS) & mask
        while slots[place] != NOTHING:
            place = (place + 1) & mask
        slots[place] = (h >> 64 - PRINT_BITS) << ID_BITS | number
