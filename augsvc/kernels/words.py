"""Words inside plain text: where one ends, its clitics, and how it is written."""

from __future__ import annotations

import numpy as np
from numpy import int64, uint64

from augsvc.kernels import chars
from augsvc.kernels.hashing import CASE_BITS, HIGH_BITS, LOW_BITS, word_at
from augsvc.kernels.jit import inline
from augsvc.kernels.machine import trailing_zeros
from augsvc.kernels.utf8 import RIGHT_QUOTE, char_class, code_point
from augsvc.types import Bytes, CharClass, Flag, Int, PackTables, TokenFlag

LOWER_CLASS, UPPER_CLASS, MARK = int(CharClass.LOWER), int(CharClass.UPPER), int(CharClass.MARK)
JOINED, TITLE, UPPER, WIDE = (int(f) for f in (TokenFlag.JOINED, TokenFlag.TITLE, TokenFlag.UPPER, TokenFlag.WIDE))

FROM_A, PAST_Z = 0x1F1F1F1F1F1F1F1F, 0x0505050505050505
"""Added to seven bits, these set the eighth from a on and from past z on."""

JOINERS = np.zeros(256, np.bool_)
JOINERS[[*b"-/_&+=\\~#@$%."]] = True


@inline
def is_letter(found: Int) -> Flag:
    """Say whether a CharClass is that of a letter."""
    return found == LOWER_CLASS or found == UPPER_CLASS


@inline
def letter_at(data: Bytes, i: Int, end: Int, tables: PackTables) -> Flag:
    """Say whether a letter starts at `i`."""
    if i >= end:
        return False
    point, _ = code_point(data, i, end)
    return is_letter(char_class(point, tables))


@inline
def apostrophe_size(data: Bytes, i: Int, end: Int) -> Int:
    """Return the bytes of the apostrophe (' or U+2019) at `i`, 0 where there is none."""
    if i >= end:
        return int64(0)
    point, size = code_point(data, i, end)
    return size if point == chars.APOSTROPHE or point == RIGHT_QUOTE else int64(0)


@inline
def after_apostrophe(data: Bytes, i: Int, end: Int, tables: PackTables) -> Int:
    """Return the end of s, m, d, re, ve or ll at `i` where no further letter follows, else 0."""
    one = int64(data[i]) | chars.CASE if i < end else int64(0)
    two = int64(data[i + 1]) | chars.CASE if i + 1 < end else int64(0)
    if (one == chars.S or one == chars.M or one == chars.D) and not letter_at(data, i + 1, end, tables):
        return i + 1
    pair = ((one == chars.R or one == chars.V) and two == chars.E) or (one == chars.L and two == chars.L)
    return i + 2 if pair and not letter_at(data, i + 2, end, tables) else int64(0)


@inline
def negative_clitic(data: Bytes, i: Int, end: Int, tables: PackTables) -> Int:
    """Return the end of n't at `i`, else 0."""
    if i >= end or data[i] | chars.CASE != chars.N:
        return int64(0)
    size = apostrophe_size(data, i + 1, end)
    t = i + 1 + size
    if size == 0 or t >= end or data[t] | chars.CASE != chars.T or letter_at(data, t + 1, end, tables):
        return int64(0)
    return t + 1


@inline
def clitic(data: Bytes, i: Int, end: Int, tables: PackTables) -> Int:
    """Return the end of the clitic ('s, 'm, 'd, 're, 've, 'll, n't) at `i`, 0 where there is none."""
    size = apostrophe_size(data, i, end)
    if size > 0:
        return after_apostrophe(data, i + size, end, tables)
    return negative_clitic(data, i, end, tables)


@inline
def letters_in(word: Int) -> Int:
    """Return how many of a word's eight bytes, from the first on, are ASCII letters."""
    low = (word | uint64(CASE_BITS)) & uint64(LOW_BITS)
    letters = (low + uint64(FROM_A)) & ~(low + uint64(PAST_Z)) & ~word & uint64(HIGH_BITS)
    return trailing_zeros(letters ^ uint64(HIGH_BITS)) >> 3


@inline
def letters_end(data: Bytes, i: Int, end: Int) -> Int:
    """Return the end of the ASCII letters from `i` on."""
    count: Int = int64(8)
    while count == 8:
        count = letters_in(word_at(data, i))
        i += count
    return min(i, end)


@inline
def word_end(data: Bytes, i: Int, end: Int, tables: PackTables) -> Int:
    """Return the end of the word at `i`: letters, marks and inner apostrophes, short of a clitic."""
    start, i = i, letters_end(data, i, end)
    if i == end or (data[i] < 0x80 and data[i] != chars.APOSTROPHE):
        return i
    # the last letter may be the n of n't
    i = max(start, i - 1)
    while i < end:
        if i > start and clitic(data, i, end, tables) > 0:
            return i
        point, size = code_point(data, i, end)
        found = char_class(point, tables)
        apostrophe = point == chars.APOSTROPHE or point == RIGHT_QUOTE
        if not (is_letter(found) or found == MARK or (apostrophe and letter_at(data, i + size, end, tables))):
            return i
        i += size
    return i


@inline
def case_flags(letters: Int, uppers: Int, title: Int) -> Int:
    """Return TITLE, UPPER, both (mixed) or 0 for so many letters and capitals; `title`: the first is a capital."""
    if uppers == 0:
        return int64(0)
    if uppers == 1 and title:
        return int64(TITLE)
    return int64(UPPER) if uppers == letters else int64(TITLE | UPPER)


@inline
def case_of(data: Bytes, start: Int, end: Int, tables: PackTables) -> Int:
    """Return TITLE, UPPER, both (mixed) or 0 for the letters of a word, and WIDE where it leaves ASCII."""
    letters, uppers, title, wide, i = int64(0), int64(0), int64(0), int64(0), start
    while i < end:
        point, size = code_point(data, i, end)
        found = char_class(point, tables)
        if is_letter(found):
            title = int64(1) if letters == 0 and found == UPPER_CLASS else title
            letters += 1
            uppers += int64(found == UPPER_CLASS)
        wide = int64(WIDE) if size > 1 else wide
        i += size
    return wide | case_flags(letters, uppers, title)


@inline
def joins(byte: Int) -> Flag:
    """Say whether this byte, written against a word, makes it part of a compound."""
    return bool(JOINERS[byte])


@inline
def wide_hyphen(data: Bytes, i: Int, end: Int) -> Flag:
    """Say whether U+2010 or U+2011, a hyphen, starts at `i`."""
    return (
        i >= 0
        and i + 2 < end
        and data[i] == 0xE2
        and data[i + 1] == 0x80
        and (data[i + 2] == 0x90 or data[i + 2] == 0x91)
    )


@inline
def flags_of(data: Bytes, start: Int, end: Int, begin: Int, limit: Int, tables: PackTables) -> Int:
    """Return the flags of the word data[start:end] inside the row data[begin:limit]."""
    flags = case_of(data, start, end, tables)
    joined = (start > begin and joins(int64(data[start - 1]))) or (
        start - 3 >= begin and wide_hyphen(data, start - 3, limit)
    )
    if end < limit and not joined:
        byte = data[end]
        joined = joins(int64(byte)) and (byte != chars.DOT or letter_at(data, end + 1, limit, tables))
        joined = joined or wide_hyphen(data, end, limit) or negative_clitic(data, end, limit, tables) > 0
    return flags | JOINED if joined else flags
