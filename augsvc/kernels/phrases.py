"""Phrases of the pack that a word of a text stands in: of course, took place, ice cream."""

from __future__ import annotations

from numpy import int64

from augsvc.kernels.forms import form_flags
from augsvc.kernels.hashing import hash_span
from augsvc.kernels.jit import inline
from augsvc.kernels.match import find
from augsvc.types import LONGEST_PHRASE, Bytes, Flag, FormFlag, Int, PackTables, TokenColumns

PHRASE, FOLLOWS, LEADS_TWO = int(FormFlag.PHRASE), int(FormFlag.FOLLOWS), int(FormFlag.LEADS_TWO)
LEADS = (1 << LONGEST_PHRASE - 1) - 1
"""The flags of words that lead phrases, shifted down to LEADS_TWO."""


@inline
def is_phrase(data: Bytes, tokens: TokenColumns, begin: Int, end: Int, tables: PackTables) -> Flag:
    """Say whether the tokens [begin, end), as they are written, are a phrase of the pack."""
    start, stop = int64(tokens.start[begin]), int64(tokens.end[end - 1])
    found = find(data, start, stop, hash_span(data, start, stop, tables), tables)
    return form_flags(found, tables) & PHRASE != 0


@inline
def follows(tokens: TokenColumns, token: Int, tables: PackTables) -> Flag:
    """Say whether a token may stand in a phrase after its first word."""
    return form_flags(int64(tokens.form[token]), tables) & FOLLOWS != 0


@inline
def leads_over(data: Bytes, tokens: TokenColumns, begin: Int, token: Int, stop: Int, tables: PackTables) -> Flag:
    """Say whether a phrase begins with one token and reaches over another, the same one or one that follows it."""
    sizes = form_flags(int64(tokens.form[begin]), tables) // LEADS_TWO & LEADS
    end = begin + 2
    while sizes and end <= stop and follows(tokens, end - 1, tables):
        if sizes & 1 and end > token and is_phrase(data, tokens, begin, end, tables):
            return True
        sizes >>= 1
        end += 1
    return False


@inline
def in_phrase(data: Bytes, tokens: TokenColumns, token: Int, first: Int, stop: Int, tables: PackTables) -> Flag:
    """Say whether a token of the row [first, stop) stands in a phrase of up to LONGEST_PHRASE words."""
    begin = token
    while begin >= first and begin > token - LONGEST_PHRASE:
        if leads_over(data, tokens, begin, token, stop, tables):
            return True
        # what comes before leads over this token only where it may follow
        if not follows(tokens, begin, tables):
            return False
        begin -= 1
    return False
