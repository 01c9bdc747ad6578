"""Text that edits compose, byte by byte and stretch by stretch: it is all kept in one place, which may be too small."""

from __future__ import annotations

from numpy import int64

from augsvc.kernels import chars
from augsvc.kernels.jit import inline
from augsvc.kernels.memory import copy_bytes
from augsvc.types import Arena, Bytes, Flag, Int


@inline
def reserve(arena: Arena, size: Int) -> Int:
    """Return where the next `size` bytes of composed text go, -1 where there is no room."""
    at = int64(arena.used[0])
    if at + size > arena.data.shape[0]:
        arena.used[1] = 1
        return int64(-1)
    arena.used[0] = at + size
    return at


@inline
def append(source: Bytes, start: Int, end: Int, arena: Arena) -> Flag:
    """Append source[start:end] to the composed text; say whether there was room."""
    at = reserve(arena, end - start)
    if at < 0:
        return False
    copy_bytes(source, start, arena.data, at, end - start)
    return True


@inline
def append_byte(byte: Int, arena: Arena) -> Flag:
    """Append one byte."""
    at = reserve(arena, int64(1))
    if at < 0:
        return False
    arena.data[at] = byte
    return True


@inline
def capitalise(data: Bytes, at: Int, end: Int) -> None:
    """Make the letters of data[at:end] capitals, those of ASCII."""
    for i in range(at, end):
        if chars.A <= data[i] <= chars.Z:
            data[i] -= chars.CASE
