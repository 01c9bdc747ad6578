"""Folded text as 64-bit words: eight bytes of ASCII at a time, and the hash that look-ups and protected words go by.

The hash takes the folded UTF-8 in little-endian words of eight bytes, the last padded with zeros, and then the length:
`h = mix(h, word)`, where mix multiplies by an odd constant and lets the high half fall on the low. The constants are
those of splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). The tricks on eight
bytes at once are in Warren, "Hacker's Delight", 2nd edition, chapter 6.
"""

from __future__ import annotations

from numpy import int64, uint64

from augsvc.kernels.jit import inline
from augsvc.kernels.machine import load64
from augsvc.kernels.utf8 import code_point, fold
from augsvc.types import HASH_FACTOR, HASH_LAST_FACTOR, HASH_SEED, Bytes, Int, PackTables

HIGH_BITS, LOW_BITS, CASE_BITS = 0x8080808080808080, 0x7F7F7F7F7F7F7F7F, 0x2020202020202020
FROM_UPPER_A, PAST_UPPER_Z = 0x3F3F3F3F3F3F3F3F, 0x2525252525252525
"""Added to seven bits, these set the eighth from A on and from past Z on."""


@inline
def mix(h: Int, word: Int) -> Int:
    """Take one word of eight bytes into the hash."""
    h = (h ^ word) * uint64(HASH_FACTOR)
    return h ^ h >> uint64(32)


@inline
def finish(h: Int, size: Int) -> Int:
    """Return the hash of so many bytes whose words are in `h`."""
    h = (h ^ uint64(size)) * uint64(HASH_LAST_FACTOR)
    return h ^ h >> uint64(32)


@inline
def first_bytes(word: Int, size: Int) -> Int:
    """Return a word with all but its first `size` bytes (0 ... 8) set to zero."""
    return word if size >= 8 else word & ((uint64(1) << uint64(8 * size)) - uint64(1))


@inline
def word_at(data: Bytes, i: Int) -> Int:
    """Return the eight bytes at `i` as a little-endian word, zeros where `data` has ended."""
    if i + 8 <= data.shape[0]:
        return load64(data, i)
    # a batch may be a view of another's memory: nothing says that what lies beyond may be read
    word: Int = uint64(0)
    for j in range(data.shape[0] - i):
        word |= uint64(data[i + j]) << uint64(8 * j)
    return word


@inline
def folded(word: Int) -> Int:
    """Return a word of ASCII with its capitals as small letters."""
    low = word & uint64(LOW_BITS)
    capitals = (low + uint64(FROM_UPPER_A)) & ~(low + uint64(PAST_UPPER_Z)) & uint64(HIGH_BITS)
    return word | capitals >> uint64(2)


@inline
def add_byte(h: Int, word: Int, size: Int, byte: Int) -> tuple[Int, Int]:
    """Append the byte number `size` of a text to (hash, the word under way) and return both."""
    word |= uint64(byte) << uint64(8 * (size & 7))
    if size & 7 == 7:
        return mix(h, word), uint64(0)
    return h, word


@inline
def hash_wide(data: Bytes, start: Int, end: Int, tables: PackTables) -> Int:
    """Return the hash of the folded text data[start:end], code point by code point."""
    h: Int = uint64(HASH_SEED)
    word: Int = uint64(0)
    i, count = start, int64(0)
    while i < end:
        point, size = code_point(data, i, end)
        i += size
        point = fold(point, tables)
        width = int64(1) + int64(point >= 0x80) + int64(point >= 0x800) + int64(point >= 0x10000)
        lead = point if width == 1 else (0xF00 >> width & 0xFF) | point >> 6 * (width - 1)
        h, word = add_byte(h, word, count, lead)
        count += 1
        for shift in range(6 * (width - 2), -6, -6):
            h, word = add_byte(h, word, count, 0x80 | point >> shift & 0x3F)
            count += 1
    return finish(mix(h, word) if count & 7 else h, count)


@inline
def hash_span(data: Bytes, start: Int, end: Int, tables: PackTables) -> Int:
    """Return the hash of the folded text data[start:end]."""
    h: Int = uint64(HASH_SEED)
    i = start
    while i < end:
        word = first_bytes(word_at(data, i), end - i)
        if word & uint64(HIGH_BITS):
            return hash_wide(data, start, end, tables)
        h = mix(h, folded(word))
        i += 8
    return finish(h, end - start)
