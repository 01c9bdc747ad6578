"""What a training loop has had of a pass that worker processes read ahead of it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from augsvc.torch.state import Place

if TYPE_CHECKING:
    from augsvc.torch.progress import Progress

# Weak: the receipt of a stream that is gone moves nothing, and a registry would keep every stream alive.
_LIVE: WeakValueDictionary[str, Deliveries] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a worker attaches to the batch of a step, whose pass begins at a place and ends with step `last`."""

    stream: str
    ticket: tuple[int, int]
    place: Place
    step: int
    last: int
    after: int

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return _come, (self.stream, self.ticket, self.place, self.step, self.last, self.after)

    def redeem(self) -> None:
        """The loop has this step's batch."""
        deliveries = _LIVE.get(self.stream)
        if deliveries is not None:
            deliveries.had(self)


def _come(*arguments: Any) -> Receipt:
    """Unpickle a receipt, which its batch brings to the loop's process."""
    receipt = Receipt(*arguments)
    deliveries = _LIVE.get(receipt.stream)
    if deliveries is not None:
        deliveries.come(receipt)
    return receipt


@dataclass(slots=True)
class _Pass:
    ticket: tuple[int, int]
    here: tuple[int, int]
    come: set[int] = field(default_factory=set)
    had: int = -1


class Deliveries:
    """Moves a stream's progress to what the loop has had, in the loop's process.

    Workers read ahead, and a loader hands out without a sign what has come before its turn: so a batch counts as had
    when a column of it is taken. A loop that takes none has had all once all have come.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._pass = _Pass((0, 0), (0, 0))
        _LIVE[progress.name] = self

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return Deliveries, (self._progress,)

    def come(self, receipt: Receipt) -> None:
        """A step's batch has come to this process."""
        if receipt.ticket != self._pass.ticket:
            self._begin(receipt)
        come = self._pass.come
        come.add(receipt.step)
        # A pass that goes on begins with a later step than the first.
        if receipt.last in come and len(come) == receipt.last - min(come) + 1:
            self._all_have_come(receipt)

    def had(self, receipt: Receipt) -> None:
        """The loop has a step's batch, and so all before it."""
        if receipt.ticket != self._pass.ticket or receipt.step < self._pass.had:
            return
        self._pass.had = receipt.step
        epoch, _, origin = receipt.place
        self._move(*((epoch + 1, 0, 0) if receipt.step == receipt.last else (epoch, receipt.after, origin)))

    def _begin(self, receipt: Receipt) -> None:
        epoch, _, origin = receipt.place
        self._pass = _Pass(receipt.ticket, (epoch, origin))
        self._move(epoch, origin, origin)

    def _all_have_come(self, receipt: Receipt) -> None:
        called_by = {frame.f_code.co_name for frame in _stack()}
        if "_pin_memory_loop" in called_by:  # its thread takes all that comes, long before the loop does
            if self._pass.had >= 0:
                return
        elif "_reset" in called_by:  # a new pass begins with persistent workers: what they still had is thrown away
            return
        else:
            # A loader unpickles only while it waits for a batch, which it hands out at once: the last to come.
            self._pass.had = max(self._pass.had, receipt.step)
        self._move(receipt.place.epoch + 1, 0, 0)

    def _move(self, epoch: int, position: int, origin: int) -> None:
        # unless somebody else has moved the stream since
        if self._progress.place[:2] == self._pass.here:
            self._progress.move(epoch, position, origin)
        self._pass.here = (epoch, position)


def _stack() -> Iterator[FrameType]:
    frame = inspect.currentframe()
    while frame is not None:
        yield frame
        frame = frame.f_back
