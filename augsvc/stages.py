"""Where time goes: the seconds of each stage of a piece of work, taken around whole batches."""

from __future__ import annotations

import threading
import time
from collections import defaultdict


class Stages:
    """A stopwatch for threads. A stage's seconds are without those of the stages inside of it.

    So the stages of a piece of work sum to the whole of it, provided that one stands around all others.
    """

    def __init__(self) -> None:
        # Each thread counts for itself, without a lock; what one has counted outlives it.
        self._threads: list[_Thread] = []
        self._local = threading.local()

    def __call__(self, stage: str) -> _Stage:
        """Count what a `with` block does, in this thread, as that stage's."""
        try:
            thread: _Thread = self._local.thread
        except AttributeError:
            thread = self._local.thread = _Thread()
            self._threads.append(thread)
        return _Stage(thread, stage)

    def seconds(self) -> dict[str, float]:
        """The seconds of each stage that has ended so far, of all threads together."""
        total: dict[str, float] = defaultdict(float)
        for thread in self._threads.copy():
            for stage, seconds in thread.seconds.copy().items():
                total[stage] += seconds
        return total


class _Thread:
    __slots__ = ("inner", "seconds")

    def __init__(self) -> None:
        self.inner = 0.0
        self.seconds: dict[str, float] = {}


class _Stage:
    # By hand: contextlib's way would cost the request of a short text several microseconds.
    __slots__ = ("_before", "_begun", "_name", "_thread")

    def __init__(self, thread: _Thread, name: str) -> None:
        self._thread, self._name = thread, name

    def __enter__(self) -> None:
        self._before, self._thread.inner = self._thread.inner, 0.0
        self._begun = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        whole, thread, name = time.perf_counter() - self._begun, self._thread, self._name
        thread.seconds[name] = thread.seconds.get(name, 0.0) + whole - thread.inner
        thread.inner = self._before + whole
