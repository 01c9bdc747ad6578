"""Bounded work outside the event loop: as many threads as slots, so that nothing ever waits in a queue unseen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from augsvc.errors import Overloaded
from augsvc.stages import Stages

P = ParamSpec("P")
T = TypeVar("T")

RETRY_AFTER = 1.0


class Slots:
    """At most `count` pieces of work at once; one more is refused at once with `Overloaded`.

    All their time is some stage's: what is no other's is `other`.
    """

    def __init__(self, count: int, name: str, stages: Stages | None = None) -> None:
        self._stages = stages or Stages()
        # Not asyncio's: an application may be served, and tested, under more than one event loop.
        self._free = threading.BoundedSemaphore(count)
        # As many threads as slots: what is admitted runs at once.
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._refusal = f"All {count} {name} slots of this server are taken; try again in a moment."

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a slot. Raises `Overloaded` when none is free."""
        if not self._free.acquire(blocking=False):
            raise Overloaded(self._refusal, retry_after=RETRY_AFTER)
        try:
            yield
        finally:
            self._free.release()

    async def step(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call on the pool, for a caller that holds a slot."""

        def timed() -> T:
            with self._stages("other"):
                return call(*args, **kwargs)

        return await asyncio.wrap_future(self._pool.submit(timed))

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call on the pool with a slot of its own. Raises `Overloaded`."""
        with self.taken():
            return await self.step(call, *args, **kwargs)

    def close(self) -> None:
        """Take no more work; calls that run end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)
