"""Reading UTF-8 by code points, and the pack's Unicode tables (never Python's, which change with its version)."""

from __future__ import annotations

from numpy import int64

from augsvc.kernels import chars
from augsvc.kernels.jit import inline
from augsvc.types import Bytes, Int, PackTables

RIGHT_QUOTE = 0x2019


@inline
def code_point(data: Bytes, i: Int, end: Int) -> tuple[Int, Int]:
    """Return (code point, bytes) at `i`; never reads at or past `end`, and takes a stray byte as itself."""
    lead = int64(data[i])
    if lead < 0xC0:
        return lead, int64(1)
    if lead < 0xE0 and i + 1 < end:
        return (lead & 0x1F) << 6 | int64(data[i + 1]) & 0x3F, int64(2)
    if lead < 0xF0 and i + 2 < end:
        return (lead & 0xF) << 12 | (int64(data[i + 1]) & 0x3F) << 6 | int64(data[i + 2]) & 0x3F, int64(3)
    if lead < 0xF8 and i + 3 < end:
        high = (lead & 7) << 18 | (int64(data[i + 1]) & 0x3F) << 12
        return high | (int64(data[i + 2]) & 0x3F) << 6 | int64(data[i + 3]) & 0x3F, int64(4)
    return lead, int64(1)


@inline
def char_class(point: Int, tables: PackTables) -> Int:
    """Return the CharClass of a code point."""
    if point > 0x10FFFF:
        return int64(0)
    return int64(tables.unicode_class[int64(tables.unicode_page[point >> 7]) << 7 | point & 127])


@inline
def fold(point: Int, tables: PackTables) -> Int:
    """Return the code point that stands for `point` in look-ups: its simple lower case, and ' for the right quote."""
    if point < 128:
        return point + chars.CASE if chars.UPPER_A <= point <= chars.UPPER_Z else point
    if point == RIGHT_QUOTE:
        return int64(chars.APOSTROPHE)
    if point > 0x10FFFF:
        return point
    return point + int64(tables.unicode_fold[int64(tables.unicode_page[point >> 7]) << 7 | point & 127])
