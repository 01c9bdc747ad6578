"""How much of its time a reader waits for data: a share near 0 tells that the input keeps up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stall:
    """A stopwatch of a reader's waits, from its first to its last."""

    def __init__(self) -> None:
        self._begun: float | None = None
        self._ended = 0.0
        self._waited = 0.0

    @property
    def share(self) -> float | None:
        """Share of the wall time, 0 to 1, between the first wait's beginning and the last one's end; None before."""
        if self._begun is None or self._ended <= self._begun:
            return None
        return min(1.0, self._waited / (self._ended - self._begun))

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count what runs inside as waiting."""
        begun = time.monotonic()
        self._begun = begun if self._begun is None else self._begun
        try:
            yield
        finally:
            self._ended = time.monotonic()
            self._waited += self._ended - begun
