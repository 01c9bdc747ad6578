"""The code of rules as it grows: words, tables of hashes among them, and the texts that rules write."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from augsvc.errors import InvalidInput
from augsvc.lexicon.index import hash_of
from augsvc.lexicon.sounds import begins_with_vowel_sound
from augsvc.lexicon.tensors import Array
from augsvc.rulecode import BY_FORM, TABLE_BIT, Sound

EVERY = 2**64 - 1
"""All bits of a word."""

FEW = 256
"""Tables of fewer hashes have room to spare: what is not in them is seen in the first slot."""


class Code:
    """What kernels read: see `augsvc.rulecode`. Its first word is an empty table."""

    def __init__(self) -> None:
        self._words: list[int] = [0]
        self._text = bytearray()
        self._bits: dict[bytes, int] = {}
        self._sets: dict[tuple[str, ...], int] = {}
        self._places: dict[str, tuple[int, int]] = {}

    def columns(self) -> dict[str, Array]:
        """Return the words and the text as columns of a pack."""
        words = [word & EVERY for word in self._words]
        return {
            "rule.code": np.array(words, np.uint64).view(np.int64),
            "rule.text": np.frombuffer(bytes(self._text) or b" ", np.uint8),
        }

    def table(self, hashes: Iterable[int]) -> tuple[int, list[int]]:
        """Write a table of hashes; return what names it, and its slots."""
        known = sorted(set(hashes))
        if not known:
            return 0, [0]
        # one slot at least is empty, where a search ends
        slots = [0] * (4 * len(known) if len(known) < FEW else 3 * len(known) // 2)
        for h in known:
            slot = (h >> 32) * len(slots) >> 32
            while slots[slot]:
                slot = (slot + 1) % len(slots)
            slots[slot] = h
        return self.append(slots) << TABLE_BIT | len(slots), slots

    def append(self, words: Iterable[int]) -> int:
        """Write words and return where they are."""
        # all of them first: to make them, others may be written
        row = [*words]
        self._words.extend(row)
        return len(self._words) - len(row)

    def hashes(self, words: Iterable[str]) -> int:
        """Write the table of words' hashes, once for each set, and return what names it."""
        key = tuple(sorted(words))
        if key not in self._sets:
            self._sets[key] = self.table(map(hash_of, key))[0]
        return self._sets[key]

    def forms(self, forms: Iterable[int]) -> int:
        """Write a bit for each form of the pack up to the last of these, once for each set; return what names them."""
        known = np.unique(np.fromiter(forms, np.int64))
        key = known.tobytes()
        if key not in self._bits:
            bits = np.zeros(known[-1] // 64 + 1, np.uint64)
            np.bitwise_or.at(bits, known // 64, np.uint64(1) << (known % 64).astype(np.uint64))
            self._bits[key] = self.append([len(bits), *bits.tolist()]) << TABLE_BIT | BY_FORM
        return self._bits[key]

    def literal(self, text: str) -> tuple[int, int]:
        """Write a text, once; return where it is, and its size with its sound."""
        if text not in self._places:
            raw = text.encode()
            if len(raw) > 255:
                raise InvalidInput(f"{text!r} is too long for a rule")
            sound = Sound.UNKNOWN if not raw[:1].isalnum() else Sound(int(begins_with_vowel_sound(text)))
            self._places[text] = len(self._text), len(raw) | sound << 8
            self._text += raw
        return self._places[text]
