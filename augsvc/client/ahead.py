"""Calls made ahead: while a result is used, the next ones are under way, in order and no more than a few."""

from __future__ import annotations

import asyncio
import os
import time
import weakref
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from functools import partial
from threading import Thread, current_thread
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from augsvc.client.stall import Stall
from augsvc.errors import InvalidInput

IN_FLIGHT = 3
PATIENCE = 1.0
"""Seconds that a reader who stops early waits for the calls under way to end; they are left to themselves then."""

A = TypeVar("A")
C = TypeVar("C")
T = TypeVar("T")


class _Queue(Generic[A, C]):
    """Calls under way, the one to be taken first at the left."""

    def __init__(self, begin: Callable[[A], C], arguments: Iterable[A], in_flight: int) -> None:
        if in_flight < 1:
            raise InvalidInput(f"in_flight must be 1 or more, not {in_flight}.")
        self.calls: deque[C] = deque()
        self._begin = begin
        self._arguments = iter(arguments)
        self._in_flight = in_flight

    def fill(self) -> None:
        """Begin as many calls as may be under way."""
        while len(self.calls) < self._in_flight:
            try:
                argument = next(self._arguments)
            except StopIteration:
                return
            self.calls.append(self._begin(argument))

    def first(self) -> C:
        """The call whose turn it is. Raises StopIteration where there is none."""
        self.fill()
        if not self.calls:
            raise StopIteration
        return self.calls[0]

    def stop(self) -> None:
        """Begin no more."""
        self._arguments = iter(())


class Ahead(Generic[A, T]):
    """`fetch` of each argument, in order; up to `in_flight` calls run in threads while their reader is elsewhere.

    An argument is taken when its call begins: `in_flight` of them at first, then one for each result taken, after
    `seen` of that result, so what an iterable yields may follow from what was seen. An error of `fetch` is raised when
    its turn comes and ends the iteration; so do `close` and the end of a `with` block. After a fork the child makes the
    calls that were under way itself. No thread outlives the reader by more than the call that it is in, nor keeps the
    interpreter from ending. `stall` counts the reader's waits. For one reading thread at a time.
    """

    def __init__(
        self,
        fetch: Callable[[A], T],
        arguments: Iterable[A],
        *,
        in_flight: int = IN_FLIGHT,
        seen: Callable[[T], object] = lambda _: None,
        stall: Stall | None = None,
    ) -> None:
        self.stall = stall or Stall()
        self._seen = seen
        self._queue = _Queue(partial(_Begun, fetch), arguments, in_flight)
        self._process = os.getpid()
        # Also where the reader forgets it, and before the interpreter ends.
        weakref.finalize(self, _end, self._queue)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        if self._process != os.getpid():
            # Threads stay behind in a fork, and a lock that one of them held is never released.
            self._process = os.getpid()
            self._queue.calls.extend([self._queue.calls.popleft().again() for _ in range(len(self._queue.calls))])
        try:
            with self.stall.waiting():
                result = self._queue.first().future.result()
        except Exception:
            self.close()
            raise
        self._queue.calls.popleft()
        self._seen(result)
        self._queue.fill()
        return result

    def close(self) -> None:
        """Begin no more calls, and wait a moment for those under way to end."""
        _end(self._queue)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class _Begun(Generic[A, T]):
    """A call under way in a thread of its own."""

    def __init__(self, fetch: Callable[[A], T], argument: A) -> None:
        self._call = (fetch, argument)
        self.future: Future[T] = Future()
        # A daemon, unlike an executor's threads, which Python waits for on its way out: a server that hangs would keep
        # a training that was interrupted from ending.
        self.thread = Thread(target=_run, args=(fetch, argument, self.future), name="augsvc-page", daemon=True)
        self.thread.start()

    def again(self) -> Self:
        """The same call, begun once more."""
        return type(self)(*self._call)


def _run(fetch: Callable[[A], T], argument: A, future: Future[T]) -> None:
    try:
        future.set_result(fetch(argument))
    except BaseException as error:  # noqa: BLE001  raised where the result is asked for
        future.set_exception(error)


def _end(queue: _Queue[A, _Begun[A, T]]) -> None:
    queue.stop()
    end = time.monotonic() + PATIENCE
    while queue.calls:
        thread = queue.calls.popleft().thread
        # Garbage may be collected in any thread.
        if thread is not current_thread():
            thread.join(max(0.0, end - time.monotonic()))


class AsyncAhead(Generic[A, T]):
    """`Ahead` with tasks of an event loop in place of threads; `aclose` cancels those under way."""

    def __init__(
        self,
        fetch: Callable[[A], Coroutine[Any, Any, T]],
        arguments: Iterable[A],
        *,
        in_flight: int = IN_FLIGHT,
        seen: Callable[[T], object] = lambda _: None,
        stall: Stall | None = None,
    ) -> None:
        self.stall = stall or Stall()
        self._seen = seen
        self._queue = _Queue(lambda argument: asyncio.create_task(fetch(argument)), arguments, in_flight)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        try:
            with self.stall.waiting():
                result = await self._queue.first()
        except StopIteration:
            raise StopAsyncIteration from None
        except BaseException:
            await self.aclose()
            raise
        self._queue.calls.popleft()
        self._seen(result)
        self._queue.fill()
        return result

    async def aclose(self) -> None:
        """Begin no more calls, and wait for those under way to be cancelled."""
        self._queue.stop()
        tasks = list(self._queue.calls)
        self._queue.calls.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
