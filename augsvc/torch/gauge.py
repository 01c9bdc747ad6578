"""How much of a training loop's time goes by waiting for data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")


class Gauge:
    """Seconds that a loop waited for its items, and worked on them, since it began."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._waited = self._worked = 0.0

    @property
    def share(self) -> float | None:
        """Waited seconds by all, 0 to 1; None before the first item."""
        whole = self._waited + self._worked
        return self._waited / whole if whole else None

    def watch(self, items: Iterable[T]) -> Iterator[T]:
        """The items, timed from now on."""
        self._waited = self._worked = 0.0
        asked = self._clock()
        for item in items:
            given = self._clock()
            self._waited += given - asked
            yield item
            asked = self._clock()
            self._worked += asked - given
