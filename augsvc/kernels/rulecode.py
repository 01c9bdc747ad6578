"""Reading the pack's code of rewrite rules: its words, and tables of hashes among them."""

from __future__ import annotations

from numpy import int64, uint64

from augsvc.kernels.jit import inline
from augsvc.rulecode import BY_FORM, TABLE_BIT
from augsvc.types import Flag, Int, Int64s


@inline
def word(code: Int64s, at: Int) -> Int:
    """Return a word of the code."""
    return int64(code[uint64(at)])


@inline
def found_in(table: Int, h: Int, code: Int64s) -> Int:
    """Return where in the code a table has a hash, -1: nowhere."""
    place, slots = table >> TABLE_BIT, table & ((1 << TABLE_BIT) - 1)
    slot = int64((h >> uint64(32)) * uint64(slots) >> uint64(32))
    entry = uint64(word(code, place + slot))
    while entry != uint64(0):
        if entry == h:
            return place + slot
        slot = slot + 1 if slot + 1 < slots else int64(0)
        entry = uint64(word(code, place + slot))
    return int64(-1)


@inline
def is_one_of(words: Int, form: Int, h: Int, code: Int64s) -> Flag:
    """Say whether a set of words has one of this form, -1 for none, and hash."""
    if words & BY_FORM != BY_FORM:
        return found_in(words, h, code) >= 0
    bits = words >> TABLE_BIT
    if form < 0 or form >> 6 >= word(code, bits):
        return False
    return bool(uint64(word(code, bits + 1 + (form >> 6))) >> uint64(form & 63) & uint64(1))
