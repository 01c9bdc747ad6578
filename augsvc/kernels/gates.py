"""Which operations a row has at all: compositions, decided from the row's key before any word is drawn."""

from __future__ import annotations

from typing import NamedTuple

from numpy import int64, uint32, uint64

from augsvc.kernels.jit import inline
from augsvc.kernels.rng import ROW, below, block_of
from augsvc.types import Flag, Int, Int64s, Uint32s, Uint64s

MOST_GATES = 2048
"""How many gates a pass may have: as many as `scratch` has bits."""


class Gate(NamedTuple):
    """A member of a composition, as numbers: a row of a program's gates, int64[G, 6], those around it before it.

    It opens for a row where draw 0 of the composition lies in [low, high), of 2**32; or, where `of` is not 0, where it
    is among those that are drawn from `of` members, `low` of them at least and `high` at most.
    """

    operation: Int  # u32, names the composition's draws
    parent: Int  # the gate around it, -1 for none
    low: Int
    high: Int
    of: Int = 0
    place: Int = 0  # its own among them


@inline
def draw(key: Uint32s, operation: Int, index: Int) -> Int:
    """Return draw `index` of a row's."""
    block, word = block_of(key, operation, uint32(ROW), index), index & 3
    if word < 2:
        return int64(block[0] if word == 0 else block[1])
    return int64(block[2] if word == 2 else block[3])


@inline
def sampled(key: Uint32s, gate: Gate) -> Flag:
    """Say whether a member is among those drawn: algorithm S of Knuth, The Art of Computer Programming, 3.4.2."""
    left = gate.low + below(draw(key, gate.operation, int64(0)), gate.high - gate.low + 1)
    for member in range(gate.place):
        left -= int64(below(draw(key, gate.operation, member + 1), gate.of - member) < left)
    return bool(below(draw(key, gate.operation, gate.place + 1), gate.of - gate.place) < left)


@inline
def admits(key: Uint32s, gate: Gate) -> Flag:
    """Say whether a gate opens for a row by itself."""
    if gate.of:
        return sampled(key, gate)
    drawn = draw(key, gate.operation, int64(0))
    return bool(gate.low <= drawn < gate.high)


@inline
def is_open(gate: Int, opened: Uint64s) -> Flag:
    """Say whether a gate, -1 for none, is open."""
    return gate < 0 or bool(opened[gate >> 6] >> uint64(gate & 63) & uint64(1))


@inline
def open_gates(gates: Int64s, key: Uint32s, opened: Uint64s) -> None:
    """Set a bit of `opened` for each gate that, with all around it, is open for a row."""
    for number in range(gates.shape[0]):
        row = gates[number]
        gate = Gate(row[0], row[1], row[2], row[3], row[4], row[5])
        bit = uint64(1) << uint64(number & 63)
        opened[number >> 6] &= ~bit
        if is_open(gate.parent, opened) and admits(key, gate):
            opened[number >> 6] |= bit
