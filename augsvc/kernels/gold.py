"""Tokens that somebody else has cut: read as the scanner would read them."""

from __future__ import annotations

from numpy import int32, int64, uint8

from augsvc.kernels import chars
from augsvc.kernels.hashing import hash_span
from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.match import find
from augsvc.kernels.utf8 import RIGHT_QUOTE, code_point
from augsvc.kernels.words import case_of, letter_at
from augsvc.types import UNTAGGED, Bytes, Int, Int64s, PackTables, TokenColumns, TokenFlag, TokenKind

WORD, OTHER = int(TokenKind.WORD), int(TokenKind.OTHER)
FIRST, CLITIC = int(TokenFlag.FIRST), int(TokenFlag.CLITIC)


@inline
def kind_of(pieces: TokenColumns, token: Int) -> Int:
    """Return the kind of a token by the pieces the scanner finds in it: a word if any of them is one."""
    start, stop = pieces.first[token], pieces.first[token + 1]
    for piece in range(start, stop):
        if pieces.kind[piece] == WORD:
            return int64(WORD)
    return int64(pieces.kind[start]) if stop > start else int64(OTHER)


@inline
def clitic_flag(data: Bytes, start: Int, end: Int, tables: PackTables) -> Int:
    """Return CLITIC for a word that begins with an apostrophe, as 's and 'll do."""
    point, size = code_point(data, start, end)
    begins = point == chars.APOSTROPHE or point == RIGHT_QUOTE
    return int64(CLITIC) if begins and letter_at(data, start + size, end, tables) else int64(0)


@kernel
def read_tokens(data: Bytes, offsets: Int64s, pieces: TokenColumns, tables: PackTables, tokens: TokenColumns) -> None:
    """Fill `tokens` with the T tokens data[offsets[t]:offsets[t + 1]], whose rows `tokens.first` holds already.

    `pieces` is what the scanner makes of each token as a row of its own.
    """
    for token in range(offsets.shape[0] - 1):
        start, end = offsets[token], offsets[token + 1]
        kind = kind_of(pieces, token)
        tokens.start[token], tokens.end[token] = int32(start), int32(end)
        tokens.hash[token] = hash_span(data, start, end, tables)
        tokens.form[token] = int32(-1)
        tokens.kind[token], tokens.flags[token] = uint8(kind), uint8(0)
        tokens.mask[token], tokens.tag[token] = uint8(0), uint8(UNTAGGED)
        if kind == WORD:
            tokens.form[token] = int32(find(data, start, end, tokens.hash[token], tables))
            flags = case_of(data, start, end, tables) | clitic_flag(data, start, end, tables)
            tokens.flags[token] = uint8(flags)
    for row in range(tokens.first.shape[0] - 1):
        for token in range(tokens.first[row], tokens.first[row + 1]):
            if tokens.kind[token] == WORD:
                tokens.flags[token] |= uint8(FIRST)
                break
