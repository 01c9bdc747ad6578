"""Phrases of the pack that a word of a text stands in: of course, took place, ice cream.

Looking a phrase up costs a good part of what a synonym does, and few words stand in one. So the pack has a filter of
which tokens stand side by side in phrases, which says for most words that they do so with neither of their neighbours:
three bits of a word of 64 that are set together (Putze, Sanders and Singler, "Cache-, hash- and space-efficient Bloom
filters", WEA 2007).
"""

from __future__ import annotations

from numpy import int64, uint64

from augsvc.kernels.forms import form_flags
from augsvc.kernels.hashing import hash_span, mix
from augsvc.kernels.jit import inline
from augsvc.kernels.match import find
from augsvc.types import LINK_BITS, LONGEST_PHRASE, Bytes, Flag, FormFlag, Int, PackTables, TokenColumns

PHRASE = int(FormFlag.PHRASE)


@inline
def is_phrase(data: Bytes, tokens: TokenColumns, begin: Int, end: Int, tables: PackTables) -> Flag:
    """Say whether the tokens [begin, end), as they are written, are a phrase of the pack."""
    start, stop = int64(tokens.start[begin]), int64(tokens.end[end - 1])
    found = find(data, start, stop, hash_span(data, start, stop, tables), tables)
    return form_flags(found, tables) & PHRASE != 0


@inline
def link_bits(link: Int) -> Int:
    """Return the bits of a word of the filter that two tokens of this hash set."""
    one, low = uint64(1), uint64(63)
    return one << (link & low) | one << (link >> uint64(6) & low) | one << (link >> uint64(12) & low)


@inline
def linked(tokens: TokenColumns, token: Int, tables: PackTables) -> Flag:
    """Say whether some phrase may have a token and the next one side by side; seldom so where none does."""
    one, other = uint64(tokens.hash[token]), uint64(tokens.hash[token + 1])
    link = mix(one, other)
    bits = link_bits(link)
    return bool(tables.phrase_link[link >> uint64(64 - LINK_BITS)] & bits == bits)


@inline
def covered(data: Bytes, tokens: TokenColumns, token: Int, begin: Int, end: Int, tables: PackTables) -> Flag:
    """Say whether a phrase of the tokens [begin, end) reaches over one of them."""
    for start in range(begin, token + 1):
        for stop in range(max(token + 1, start + 2), min(end, start + LONGEST_PHRASE) + 1):
            if is_phrase(data, tokens, start, stop, tables):
                return True
    return False


@inline
def in_phrase(data: Bytes, tokens: TokenColumns, token: Int, first: Int, stop: Int, tables: PackTables) -> Flag:
    """Say whether a token of the row [first, stop) stands in a phrase of up to LONGEST_PHRASE tokens."""
    begin, end = token, token + 1
    while begin > first and token - begin < LONGEST_PHRASE - 1 and linked(tokens, begin - 1, tables):
        begin -= 1
    while end < stop and end - token < LONGEST_PHRASE and linked(tokens, end - 1, tables):
        end += 1
    return covered(data, tokens, token, begin, end, tables) if end - begin > 1 else False
