"""Which tokens may not be edited: by kind, inside byte ranges, and carried from one pass to the next."""

from __future__ import annotations

from numpy import int64, uint8

from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.splice import END, START, Splice, edit_size
from augsvc.types import (
    Flag,
    FormFlag,
    Guard,
    Int,
    Int32s,
    Int64s,
    PackTables,
    TokenColumns,
    TokenFlag,
    TokenKind,
)

WORD = int(TokenKind.WORD)
FIRST, JOINED, CLITIC, TITLE, UPPER, MIXED = (
    int(TokenFlag[n]) for n in ("FIRST", "JOINED", "CLITIC", "TITLE", "UPPER", "MIXED")
)
FUNCTION, NEGATION, NAME, REPLACEABLE = (int(FormFlag[n]) for n in ("FUNCTION", "NEGATION", "NAME", "REPLACEABLE"))
KIND, HARD, GAP, FIT = int(Guard.KIND), int(Guard.HARD), int(Guard.GAP), int(Guard.FIT)
GUARDED = KIND | HARD | GAP

FUNCTION_KIND, NEGATION_KIND, NAME_KIND = 16, 17, 18
"""Bits of `kinds` beyond the TokenKinds: facts about a word rather than a kind of token; two as FormFlag has them."""


@inline
def shouted(tokens: TokenColumns, token: Int, first: Int, stop: Int) -> Flag:
    """Say whether a word beside this one is in capitals too, so that capitals do not mark a name."""
    before = token > first and tokens.flags[token - 1] & MIXED == UPPER
    return before or (token + 1 < stop and tokens.flags[token + 1] & MIXED == UPPER)


@inline
def is_name(tokens: TokenColumns, token: Int, first: Int, stop: Int, facts: Int) -> Flag:
    """Say whether a word with capitals is written as a name: where a common word would have none."""
    flags = int64(tokens.flags[token])
    case = flags & MIXED
    if flags & CLITIC:
        return False
    if case == TITLE:
        return flags & FIRST == 0 or facts & NAME != 0
    return case == MIXED or not shouted(tokens, token, first, stop)


@inline
def kind_mask(tokens: TokenColumns, token: Int, first: Int, stop: Int, facts: Int, kinds: Int) -> Int:
    """Return KIND for a token of one of the kinds, else FIT for a word of its own that has candidates, else 0."""
    flags = int64(tokens.flags[token])
    # no branch where the answer is as good as random: a word in two is a function word
    guarded = (kinds >> int64(tokens.kind[token]) & 1) | (kinds >> FUNCTION_KIND & facts & (FUNCTION | NEGATION))
    if flags & MIXED and kinds >> NAME_KIND & 1 and is_name(tokens, token, first, stop, facts):
        return int64(KIND)
    fit = int64(facts & REPLACEABLE != 0) & int64(flags & (JOINED | CLITIC) == 0)
    return int64(KIND) if guarded else FIT * fit


@inline
def guard_range(tokens: TokenColumns, token: Int, first: Int, stop: Int, start: Int, end: Int) -> None:
    """Mark what [start, end) overlaps, from `token` on, the first that ends after `start`; a point guards its gap."""
    point = int64(start == end)
    while token < stop:
        before = int64(tokens.end[token - 1]) if token > first else int64(tokens.start[token])
        if before >= end + point and int64(tokens.start[token]) >= end:
            break
        if int64(tokens.start[token]) < end:
            tokens.mask[token] |= uint8(HARD)
        if max(before, start) < min(int64(tokens.start[token]), end) + point:
            tokens.mask[token] |= uint8(GAP)
        token += 1


@kernel
def guard_ranges(tokens: TokenColumns, range_rows: Int64s, starts: Int64s, ends: Int64s) -> None:
    """Add HARD to tokens that overlap a byte range, and GAP to those whose gap before does.

    range_rows [R + 1] is the first range of each row; a row's ranges come in the order of their starts.
    """
    for row in range(tokens.first.shape[0] - 1):
        token, stop = tokens.first[row], tokens.first[row + 1]
        for i in range(range_rows[row], range_rows[row + 1]):
            while token < stop and int64(tokens.end[token]) <= starts[i]:
                token += 1
            guard_range(tokens, token, tokens.first[row], stop, starts[i], ends[i])


@inline
def carry_token(tokens: TokenColumns, token: Int, start: Int, end: Int, into: TokenColumns, at: Int, stop: Int) -> Int:
    """Add an old token's mask to the new tokens that overlap [start, end); return the first that may meet the next."""
    while at < stop and int64(into.end[at]) <= start:
        at += 1
    other = at
    while other < stop and int64(into.start[other]) < end:
        into.mask[other] |= tokens.mask[token] & uint8(GUARDED)
        other += 1
    return at


@inline
def carry_gap(start: Int, into: TokenColumns, at: Int, stop: Int) -> Int:
    """Guard the gap before the new token at `start`, or the next one; return the first that may meet another."""
    while at < stop and int64(into.end[at]) <= start:
        at += 1
    if at < stop:
        into.mask[at] |= uint8(GAP)
    return at


@kernel
def carry(
    tokens: TokenColumns,
    work: Splice,
    tables: PackTables,
    result_start: Int32s,
    out_offsets: Int64s,
    into: TokenColumns,
) -> None:
    """Carry the masks of a pass's tokens to the tokens of the text it wrote; what it wrote itself is unprotected.

    FIT stays what it is for the new tokens.
    """
    edits = work.edits
    for row in range(work.source.shape[0]):
        source = work.source[row]
        at, stop = into.first[row], into.first[row + 1]
        for new in range(at, stop):
            into.mask[new] &= uint8(FIT)
        edit, last = work.edit_rows[row], work.edit_rows[row + 1]
        shift = out_offsets[row] - work.offsets[source]
        for token in range(tokens.first[source], tokens.first[source + 1]):
            start, end = int64(tokens.start[token]), int64(tokens.end[token])
            while edit < last and int64(edits[edit, END]) <= start:
                shift = int64(result_start[edit]) + edit_size(edits, edit, tables) - int64(edits[edit, END])
                edit += 1
            if tokens.mask[token] & GUARDED and not (edit < last and int64(edits[edit, START]) < end):
                at = carry_token(tokens, token, start + shift, end + shift, into, at, stop)
            elif tokens.mask[token] & GAP and int64(edits[edit, START]) >= start:
                at = carry_gap(start + shift, into, at, stop)
