"""Which row stands where: the shuffle, lanes and cursors. Pure arithmetic on positions."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from augsvc.errors import BadRequest, Fault, InvalidInput
from augsvc.kernels.shuffle import BLOCK, Domain, shuffle
from augsvc.types import MAX_EPOCH, MAX_ROW, Int64s

Shuffle = Literal["global", "block", "none"]

SHUFFLE_VERSION = 1

BLOCK_ROWS = 4_096
"""Rows that stay together under `block`."""
WINDOW_BLOCKS = 16
"""Blocks among whose rows `block` shuffles: what a reader has to hold."""

_NUMBER = "(?:0|[1-9][0-9]{0,18})"
"""An integer in its one spelling: a page has one address, and a cursor one text."""
LANE = f"{_NUMBER}(?::{_NUMBER}){{2,3}}"
CURSOR = rf"v1\.([0-9a-f]{{32}})\.({_NUMBER})\.({_NUMBER})"

_FEW_ROWS = 4_096
_BLOCK_ROUNDS = 64


def shuffled(positions: Int64s, *, size: int, seed: int, epoch: int, mode: Shuffle) -> Int64s:
    """Return where the shuffle of (seed, epoch) sends positions int64[n] in [0, size): a bijection on [0, size).

    `global` permutes all. `block` permutes blocks of 4,096 rows, and rows inside windows of 16 blocks as they come out,
    so that a window of the epoch reads few places of the corpus; rows past the last whole block end the epoch. `none`
    is the identity.
    """
    if mode == "none":
        return positions
    if mode == "global":
        return _permuted(positions, np.zeros_like(positions), size, seed, epoch, 0)
    return _in_blocks(positions, size, seed, epoch)


def _in_blocks(positions: Int64s, size: int, seed: int, epoch: int) -> Int64s:
    span = BLOCK_ROWS * WINDOW_BLOCKS
    window, place = positions // span, positions.copy()
    # the last window may be shorter: then it is a domain of its own
    last = size // span
    for chosen, domain in ((window < last, span), (window == last, size % span)):
        start = window[chosen] * span
        place[chosen] = start + _permuted(positions[chosen] - start, window[chosen] + 1, domain, seed, epoch, 0)
    block = place // BLOCK_ROWS
    return place + (_permuted_blocks(block, size // BLOCK_ROWS, seed, epoch) - block) * BLOCK_ROWS


def _permuted_blocks(blocks: Int64s, count: int, seed: int, epoch: int) -> Int64s:
    """Return where whole blocks go; the last one, if shorter, stays."""
    if not len(blocks):
        return blocks
    first, last = int(blocks.min()), int(blocks.max())
    # rows that are near each other share few blocks: each is permuted once
    few = last - first < len(blocks)
    wanted = np.arange(first, last + 1) if few else blocks.copy()
    full = wanted[wanted < count]
    wanted[wanted < count] = _permuted(full, np.zeros_like(full), count, seed, epoch, _BLOCK_ROUNDS)
    return wanted[blocks - first] if few else wanted


def _permuted(positions: Int64s, tweaks: Int64s, size: int, seed: int, epoch: int, first_round: int) -> Int64s:
    if not len(positions):
        return positions
    left = math.isqrt(size - 1) + 1
    domain = Domain(size, left, -(-size // left), 8 if size >= _FEW_ROWS else 24, first_round, int(seed), int(epoch))
    halves, out = np.empty((2, BLOCK), np.int64), np.empty(len(positions), np.int64)
    shuffle(positions, tweaks, domain, halves[0], halves[1], out)
    return out


@dataclass(frozen=True, slots=True)
class Lane:
    """A reader's share of an epoch: position g is in it iff (g - origin) mod total is in [offset, offset + rows)."""

    offset: int = 0
    rows: int = 1
    total: int = 1
    origin: int = 0

    def __post_init__(self) -> None:
        inside = self.offset >= 0 and self.rows >= 1 and self.offset + self.rows <= self.total
        if not inside or self.total > MAX_ROW or not 0 <= self.origin <= MAX_ROW:
            raise BadRequest(
                f"lane {self}: offset + rows must lie within total, rows be at least 1, origin not negative"
            )

    @classmethod
    def parse(cls, text: str) -> Lane:
        """Read OFFSET:ROWS:TOTAL[:ORIGIN]; raises BadRequest."""
        if not re.fullmatch(LANE, text):
            raise BadRequest(f"lane {text!r} is not OFFSET:ROWS:TOTAL or OFFSET:ROWS:TOTAL:ORIGIN")
        return cls(*map(int, text.split(":")))

    def __str__(self) -> str:
        origin = f":{self.origin}" if self.origin else ""
        return f"{self.offset}:{self.rows}:{self.total}{origin}"

    def positions(self, start: int, count: int, end: int) -> Int64s:
        """Return the lane's first `count` positions g with start <= g < end; raises InvalidInput below its origin."""
        if start < self.origin:
            detail = f"start {start} lies below the lane's origin {self.origin}"
            raise InvalidInput(detail, faults=[Fault("start", "below the lane's origin")])
        first = self._before(start)
        numbers = np.arange(first, min(first + count, max(first, self._before(end))), dtype=np.int64)
        cycle, inner = np.divmod(numbers, self.rows)
        return self.origin + cycle * self.total + self.offset + inner

    def next_position(self, position: int, end: int) -> int | None:
        """Return the lane's smallest position g >= position, None where none is left before `end`."""
        found = self.positions(max(position, self.origin), 1, end)
        return int(found[0]) if len(found) else None

    def count(self, start: int, end: int) -> int:
        """Return how many positions of the lane lie in [start, end)."""
        return max(0, self._before(end) - self._before(start))

    def _before(self, position: int) -> int:
        """Return how many positions of the lane lie in [origin, position)."""
        cycle, inner = divmod(max(0, position - self.origin), self.total)
        return cycle * self.rows + min(max(inner - self.offset, 0), self.rows)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a reader stands in a view: `position` is the next one not yet read."""

    view_id: str
    epoch: int
    position: int

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read v1.<view_id>.<epoch>.<position>; raises BadRequest."""
        match = re.fullmatch(CURSOR, text)
        if not match or int(match[2]) > MAX_EPOCH or int(match[3]) > MAX_ROW:
            raise BadRequest(f"{text[:100]!r} is not a cursor: pass one back as it was sent")
        return cls(match[1], int(match[2]), int(match[3]))

    @property
    def stem(self) -> str:
        """All of its text but the position, the same for a whole epoch."""
        return f"v1.{self.view_id}.{self.epoch}."

    def __str__(self) -> str:
        return f"{self.stem}{self.position}"
