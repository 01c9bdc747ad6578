"""Candidates as columns and as the u64 words that kernels read: what decides about one lies in one place."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from augsvc.lexicon.tensors import Array
from augsvc.types import COMMON_SENSES, COMMON_ZIPF, ZIPF_UNIT, CandidateBits, Int64s, Register, Uint64s

FIELDS = tuple(bits for bits in CandidateBits if bits is not CandidateBits.END)


ZIPF, SENSE, REGISTER, WEIGHT = (int(CandidateBits[name]) for name in ("ZIPF", "SENSE", "REGISTER", "WEIGHT"))
USER = int(Register.USER)


def form_of(word: int) -> int:
    """Return the form of one packed candidate."""
    return word & (1 << ZIPF) - 1


def sense_of(word: int) -> int:
    """Return the sense of one packed candidate."""
    return word >> SENSE & 255


def weight_of(word: int) -> int:
    """Return the weight of one packed candidate."""
    return word >> WEIGHT


def reweighed(word: int, weight: int) -> int:
    """Return one packed candidate with another weight."""
    return word & (1 << WEIGHT) - 1 | weight << WEIGHT


def users_candidate(form: int, zipf: int, weight: int) -> int:
    """Return a user's candidate, of sense 0, packed."""
    return form | zipf << ZIPF | USER << REGISTER | weight << WEIGHT


def is_users(word: int) -> bool:
    """Say whether one packed candidate is a user's."""
    return bool(word >> REGISTER & USER)


class CandidateColumns(NamedTuple):
    """C candidates, each column int64[C]; see CandidateBits for their ranges."""

    form: Int64s
    zipf: Int64s
    sense: Int64s
    register: Int64s
    weight: Int64s

    @classmethod
    def unpacked(cls, words: Uint64s) -> CandidateColumns:
        """Return the columns of packed candidates."""
        return cls(*(words.astype(np.int64) >> low & ((1 << high - low) - 1) for low, high in pairwise(CandidateBits)))

    def packed(self) -> Uint64s:
        """Return u64[C], each field at its place in CandidateBits; raises OverflowError where one does not fit."""
        for column, (low, high) in zip(self, pairwise(CandidateBits), strict=True):
            if len(column) and not 0 <= column.min() <= column.max() < 1 << high - low:
                raise OverflowError(f"{CandidateBits(low).name} takes {high - low} bits")
        parts = [column.astype(np.uint64) << np.uint64(low) for column, low in zip(self, FIELDS, strict=True)]
        words: Uint64s = np.bitwise_or.reduce(parts)
        return words


def masses(form_reading: Array, heads: Array, words: Uint64s) -> Array:
    """Return u8[F]: what the common candidates of a reading of each form weigh at most, in units of 256, less one.

    Common are those that synonyms are drawn from by default, see `COMMON_SENSES` of types; a user's count as the whole.
    Whoever draws a number from the whole, 2**16 - 1, sees by it that no reading of a form will take the number.
    """
    columns = CandidateColumns.unpacked(words)
    common = (columns.sense < COMMON_SENSES) & (columns.zipf >= COMMON_ZIPF * ZIPF_UNIT) & (columns.register == 0)
    weights = np.where(columns.register & Register.USER, 2**16 - 1, np.where(common, columns.weight, 0))
    sums = np.concatenate([[0], np.cumsum(weights)])
    totals = np.diff(sums[heads >> 8])
    most, readings = np.zeros(len(form_reading) - 1, np.int64), np.asarray(form_reading, np.int64)
    np.maximum.at(most, np.repeat(np.arange(len(most)), readings[1:] - readings[:-1]), totals)
    found: Array = np.clip(most - 1 >> 8, 0, 255).astype(np.uint8)
    return found


def reading_heads(first: Int64s, tags: Int64s) -> Int64s:
    """Return each reading's head, its first candidate << 8 | its tag; `first` [R + 1] has one more than `tags` [R]."""
    heads = np.asarray(first, np.int64) << 8
    heads[:-1] |= tags
    return heads
