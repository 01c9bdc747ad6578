"""Texts from wherever they lie in memory into one column.

Mapped files are no arrays of this process, and a corpus may have thousands: so their places come as addresses. Whoever
gives them keeps what is mapped there; no row is read beyond the bytes that its stretch is said to have.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy import int64

from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.memory import copy_from, load_int32, load_int64
from augsvc.types import Bytes, Int, Int64s


class Stretches(NamedTuple):
    """S stretches of consecutive rows, each a string column in Arrow's layout, in C chunks of equal length."""

    first: Int64s  # [C] the first stretch of each chunk
    stop: Int64s  # [C] the one after its last; a chunk that is not mapped has none
    row: Int64s  # [S] the first row of each
    offsets: Int64s  # [S] the address of its offset
    data: Int64s  # [S] the address that offsets count from
    size: Int64s  # [S] bytes there
    chunk_rows: Int
    wide: Int  # whether offsets have 64 bits


@inline
def stretch_of(row: Int, stretches: Stretches) -> Int:
    """Return the stretch that has a row, the last one that begins at or before it in its chunk."""
    chunk = row // stretches.chunk_rows
    low, high = int64(stretches.first[chunk]), int64(stretches.stop[chunk])
    while high - low > 1:
        middle = (low + high) // 2
        if stretches.row[middle] <= row:
            low = middle
        else:
            high = middle
    return low


@kernel
def locate(rows: Int64s, stretches: Stretches, stretch: Int64s, address: Int64s, offsets: Int64s) -> Int:
    """Set stretch[i] to the stretch of rows[i], address[i] to where its text lies, offsets[i + 1] to where it will end.

    int64[n], `offsets` one longer: texts will follow each other from 0 on. Returns n, or the first i whose text is not
    inside its stretch, where it stops. The chunks of all rows are mapped.
    """
    offsets[0] = 0
    for i in range(rows.shape[0]):
        found = stretch_of(rows[i], stretches)
        place = rows[i] - stretches.row[found]
        if stretches.wide:
            start = load_int64(stretches.offsets[found], place)
            end = load_int64(stretches.offsets[found], place + 1)
        else:
            start = load_int32(stretches.offsets[found], place)
            end = load_int32(stretches.offsets[found], place + 1)
        if not 0 <= start <= end <= stretches.size[found]:
            return int64(i)
        stretch[i], address[i], offsets[i + 1] = found, stretches.data[found] + start, offsets[i] + end - start
    return int64(rows.shape[0])


@kernel
def gather(address: Int64s, offsets: Int64s, out: Bytes) -> None:
    """Copy what lies at address[i] to out[offsets[i]:offsets[i + 1]]."""
    for i in range(address.shape[0]):
        copy_from(address[i], out, offsets[i], offsets[i + 1] - offsets[i])
