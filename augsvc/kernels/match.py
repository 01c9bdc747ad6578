"""From tokens to forms of the lexicon: a fingerprinted open-addressing index over folded text."""

from __future__ import annotations

from numpy import int64, uint32, uint64

from augsvc.kernels.forms import text_end, text_start
from augsvc.kernels.hashing import HIGH_BITS, first_bytes, folded, word_at
from augsvc.kernels.jit import inline
from augsvc.kernels.machine import prefetch
from augsvc.kernels.utf8 import code_point, fold
from augsvc.types import ID_BITS, KEY_BYTES, NOTHING, PRINT_BITS, Bytes, Flag, Int, PackTables

ID_MASK = (1 << ID_BITS) - 1


@inline
def same_text(data: Bytes, start: Int, end: Int, form: Int, tables: PackTables) -> Flag:
    """Say whether the folded text data[start:end] is this form's, code point by code point."""
    i, j, stop = start, text_start(form, tables), text_end(form, tables)
    while i < end and j < stop:
        left, size = code_point(data, i, end)
        right, step = code_point(tables.text_blob, j, stop)
        if fold(left, tables) != right:
            return False
        i += size
        j += step
    return i == end and j == stop


@inline
def slot_of(h: Int, tables: PackTables) -> Int:
    """Return where in the index the search for a hash begins."""
    return int64((h >> uint64(ID_BITS)) & uint64(tables.index_slot.shape[0] - 1))


@inline
def prefetch_slot(h: Int, tables: PackTables) -> None:
    """Begin to fetch what `prefetch_key` will read."""
    prefetch(tables.index_slot, slot_of(h, tables))


@inline
def prefetch_key(h: Int, tables: PackTables) -> None:
    """Begin to fetch the key that `find` will compare first."""
    form = int64(tables.index_slot[slot_of(h, tables)] & uint32(ID_MASK))
    prefetch(tables.form_key, form * tables.form_key.shape[1])


@inline
def find(data: Bytes, start: Int, end: Int, h: Int, tables: PackTables) -> Int:
    """Return the id of the form that data[start:end], whose hash is `h`, folds to, or -1."""
    low = first_bytes(word_at(data, start), end - start)
    high = first_bytes(word_at(data, start + 8), max(end - start - 8, 0))
    wide = end - start > KEY_BYTES or (low | high) & uint64(HIGH_BITS) != 0
    low, high = folded(low), folded(high)
    slot = slot_of(h, tables)
    value = tables.index_slot[slot]
    while value != uint32(NOTHING):
        if uint64(value >> uint32(ID_BITS)) == h >> uint64(64 - PRINT_BITS):
            form = int64(value & uint32(ID_MASK))
            if wide:
                if same_text(data, start, end, form, tables):
                    return form
            elif tables.form_key[form, 0] == low and tables.form_key[form, 1] == high:
                return form
        slot = (slot + 1) & (tables.index_slot.shape[0] - 1)
        value = tables.index_slot[slot]
    return int64(-1)
