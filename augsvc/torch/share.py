"""Who reads which positions of an epoch: steps, ranks, workers and pages. Pure arithmetic.

A pass reads an epoch of `size` positions from `origin` on, in steps of `total` positions that all ranks read together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from augsvc.errors import InvalidInput
from augsvc.order import Lane
from augsvc.views import MAX_PAGE_ROWS, PAGE_ROWS


@dataclass(frozen=True, slots=True)
class Share:
    """What one rank reads of every step: `rows` positions from `offset` on, out of `total`.

    With `drop_last` a pass ends, for all ranks alike, before a step that would be short of `total` positions.
    """

    offset: int
    rows: int
    total: int
    drop_last: bool

    @classmethod
    def of_rank(cls, batch_size: int, rank: int, world_size: int, drop_last: bool | None) -> Share:
        """An equal share for each rank; `drop_last` by default where there are several. Raises InvalidInput."""
        if not 1 <= batch_size <= MAX_PAGE_ROWS:
            raise InvalidInput(f"batch_size must be 1 to {MAX_PAGE_ROWS}, not {batch_size}.")
        if not 0 <= rank < world_size:
            raise InvalidInput(f"rank must be 0 to world_size - 1, not {rank} of {world_size}.")
        drop = world_size > 1 if drop_last is None else drop_last
        return cls(batch_size * rank, batch_size, batch_size * world_size, drop)

    @classmethod
    def of_lane(cls, lane: Lane, batch_size: int, drop_last: bool | None) -> Share:
        """The share of a lane, for ranks of unequal size; its rows are the batch. Raises InvalidInput."""
        if lane.origin or lane.rows != batch_size or batch_size > MAX_PAGE_ROWS:
            raise InvalidInput(f"lane {lane} must have batch_size rows, {batch_size}, and no origin (states have it).")
        return cls(lane.offset, lane.rows, lane.total, lane.total > lane.rows if drop_last is None else drop_last)

    def all_steps(self, size: int, origin: int) -> int:
        """Steps of a pass, those included that leave nothing to this rank."""
        left = max(0, size - origin)
        return left // self.total if self.drop_last else -(-left // self.total)

    def steps(self, size: int, origin: int) -> int:
        """Steps of a pass that leave something to this rank: all, or all but a short last one."""
        return min(self.all_steps(size, origin), max(0, -(-(size - origin - self.offset) // self.total)))

    def after(self, step: int, size: int, origin: int) -> int | None:
        """The position after a step; None where it is the pass's last."""
        return origin + (step + 1) * self.total if step + 1 < self.all_steps(size, origin) else None

    def lane(self, origin: int, worker: int, workers: int) -> Lane:
        """The lane of one of a rank's workers, who take turns at its steps."""
        return Lane(worker * self.total + self.offset, self.rows, workers * self.total, origin)

    def pages(self, size: int, origin: int, start: int, worker: int, workers: int) -> Iterator[range]:
        """The steps that a worker reads from position `start` on, in pages of whole batches.

        A page of steps holds `rows` positions of the worker's lane for each, from `origin + steps[0] * total` on; only
        the very last step may have fewer. Raises InvalidInput for a start between two steps.
        """
        done, between = divmod(start - origin, self.total)
        if between and start < size:
            raise InvalidInput("The state was saved under another batch_size or world_size: use a batch's state.")
        # From the first step not yet done whose number is the worker's, modulo their number.
        steps = range(done + (worker - done) % workers, self.steps(size, origin), workers)
        return _ramp(steps, max(1, PAGE_ROWS // self.rows))


def _ramp(steps: range, most: int) -> Iterator[range]:
    length = 1
    while steps:
        yield steps[:length]
        # From one batch on, each page twice the last: the first batch does not wait for a whole page.
        steps, length = steps[length:], min(2 * length, most)
