"""From tokens to forms of the lexicon: a fingerprinted open-addressing index over folded text.

The hash is FNV-1a (Fowler, Noll, Vo) over code points rather than bytes: `h = (h ^ code point) * prime`.
"""

from __future__ import annotations

from numpy import int32, int64, uint32, uint64

from augsvc.kernels import chars
from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.utf8 import code_point, fold
from augsvc.types import NOTHING, Bytes, Flag, Int, PackTables, TokenColumns, TokenKind, Uint32s

WORD = int(TokenKind.WORD)
BASIS = 0xCBF29CE484222325
PRIME = 0x100000001B3


@inline
def hash_span(data: Bytes, start: Int, end: Int, tables: PackTables) -> Int:
    """Return the hash of the folded text data[start:end]."""
    h = uint64(BASIS)
    i = start
    while i < end:
        point, size = code_point(data, i, end)
        h = (h ^ uint64(fold(point, tables))) * uint64(PRIME)
        i += size
    return h


@inline
def same_ascii(data: Bytes, start: Int, end: Int, at: Int, tables: PackTables) -> Flag:
    """Say whether data[start:end], ASCII alone, folds to the blob from `at` on; False where it is not ASCII."""
    for i in range(end - start):
        byte = int64(data[start + i])
        if chars.UPPER_A <= byte <= chars.UPPER_Z:
            byte += chars.CASE
        if byte >= 128 or byte != tables.text_blob[at + i]:
            return False
    return True


@inline
def same(data: Bytes, start: Int, end: Int, form: Int, tables: PackTables) -> Flag:
    """Say whether the folded text data[start:end] is this form's."""
    i, j = start, int64(tables.form_offset[form])
    stop = int64(tables.form_offset[form + 1])
    if stop - j == end - start and same_ascii(data, start, end, j, tables):
        return True
    while i < end and j < stop:
        left, size = code_point(data, i, end)
        right, step = code_point(tables.text_blob, j, stop)
        if fold(left, tables) != right:
            return False
        i += size
        j += step
    return i == end and j == stop


@inline
def find(data: Bytes, start: Int, end: Int, h: Int, tables: PackTables) -> Int:
    """Return the id of the form that data[start:end] folds to, or -1."""
    mask = uint64(tables.index_slot.shape[0] - 1)
    slot = (h >> uint64(20)) & mask
    value = tables.index_slot[slot]
    while value != uint32(NOTHING):
        form = int64(value & uint32(0xFFFFF))
        if uint64(value >> uint32(20)) == h >> uint64(52) and same(data, start, end, form, tables):
            return form
        slot = (slot + uint64(1)) & mask
        value = tables.index_slot[slot]
    return int64(-1)


@kernel
def match(data: Bytes, tokens: TokenColumns, count: Int, tables: PackTables) -> None:
    """Fill tokens.form for the first `count` tokens; what is no word has no form."""
    for token in range(count):
        form: Int = int64(-1)
        if tokens.kind[token] == WORD:
            form = find(data, tokens.start[token], tokens.end[token], tokens.hash[token], tables)
        tokens.form[token] = int32(form)


@kernel
def fill_index(text_blob: Bytes, form_offset: Uint32s, index_slot: Uint32s) -> None:
    """Fill `index_slot` (u32[2**k], at most half full) with {12 bits of hash, 20 bits of form id} for folded forms."""
    index_slot[:] = uint32(NOTHING)
    mask = uint64(index_slot.shape[0] - 1)
    for form in range(form_offset.shape[0] - 1):
        h = uint64(BASIS)
        i, end = int64(form_offset[form]), int64(form_offset[form + 1])
        while i < end:
            point, size = code_point(text_blob, i, end)
            h = (h ^ uint64(point)) * uint64(PRIME)
            i += size
        slot = (h >> uint64(20)) & mask
        while index_slot[slot] != uint32(NOTHING):
            slot = (slot + uint64(1)) & mask
        index_slot[slot] = uint32(h >> uint64(52)) << uint32(20) | uint32(form)
