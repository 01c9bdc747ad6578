"""Phrases of the pack that a word of a text stands in: of course, took place, ice cream.

Few places of a text begin a phrase, and looking one up costs a good part of what a synonym does. So the pack has a
filter of what phrases begin with, which says for nearly all places that none does: three bits of a word of 64 that are
set together (Putze, Sanders and Singler, "Cache-, hash- and space-efficient Bloom filters", WEA 2007).
"""

from __future__ import annotations

from numpy import int64, uint64

from augsvc.kernels.forms import form_flags
from augsvc.kernels.hashing import hash_span, mix
from augsvc.kernels.jit import inline
from augsvc.kernels.match import find
from augsvc.types import LONGEST_PHRASE, PREFIX_BITS, Bytes, Flag, FormFlag, Int, PackTables, TokenColumns

PHRASE = int(FormFlag.PHRASE)


@inline
def is_phrase(data: Bytes, tokens: TokenColumns, begin: Int, end: Int, tables: PackTables) -> Flag:
    """Say whether the tokens [begin, end), as they are written, are a phrase of the pack."""
    start, stop = int64(tokens.start[begin]), int64(tokens.end[end - 1])
    found = find(data, start, stop, hash_span(data, start, stop, tables), tables)
    return form_flags(found, tables) & PHRASE != 0


@inline
def prefix_bits(prefix: Int) -> Int:
    """Return the bits of a word of the filter that the first tokens of this hash set."""
    one, low = uint64(1), uint64(63)
    return one << (prefix & low) | one << (prefix >> uint64(6) & low) | one << (prefix >> uint64(12) & low)


@inline
def may_begin(prefix: Int, tables: PackTables) -> Flag:
    """Say whether some phrase may begin with the tokens of this hash; seldom so where none does."""
    bits = prefix_bits(prefix)
    return bool(tables.phrase_prefix[prefix >> uint64(64 - PREFIX_BITS)] & bits == bits)


@inline
def reaches(data: Bytes, tokens: TokenColumns, begin: Int, token: Int, stop: Int, tables: PackTables) -> Flag:
    """Say whether a phrase begins with one token and reaches over another, the same one or one that follows it."""
    prefix = tokens.hash[begin]
    for last in range(begin + 1, min(begin + LONGEST_PHRASE, stop)):
        prefix = mix(prefix, tokens.hash[last])
        if not may_begin(prefix, tables):
            return False
        if last >= token and is_phrase(data, tokens, begin, last + 1, tables):
            return True
    return False


@inline
def in_phrase(data: Bytes, tokens: TokenColumns, token: Int, first: Int, stop: Int, tables: PackTables) -> Flag:
    """Say whether a token of the row [first, stop) stands in a phrase of up to LONGEST_PHRASE tokens."""
    for begin in range(max(first, token - LONGEST_PHRASE + 1), token + 1):
        if reaches(data, tokens, begin, token, stop, tables):
            return True
    return False
