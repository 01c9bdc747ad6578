"""Pages ahead: the next ones are fetched while the current one is being used."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

DEPTH = 2
"""Calls that run ahead: one would do for long pages, but the first ones are short, and waiting for each adds up."""


def ahead(fetch: Callable[[A], B], arguments: Iterable[A]) -> Iterator[tuple[A, B]]:
    """Each argument with `fetch` of it, in order; the next DEPTH calls run in threads meanwhile.

    Raises what `fetch` raises, when its turn comes. A caller that stops early does not wait for the calls under way.
    """
    waiting: deque[tuple[A, Future[B]]] = deque()
    for argument in arguments:
        waiting.append((argument, _begun(fetch, argument)))
        if len(waiting) > DEPTH:
            current, future = waiting.popleft()
            yield current, future.result()
    while waiting:
        current, future = waiting.popleft()
        yield current, future.result()


def _begun(fetch: Callable[[A], B], argument: A) -> Future[B]:
    future: Future[B] = Future()

    def run() -> None:
        try:
            future.set_result(fetch(argument))
        except BaseException as error:  # noqa: BLE001  raised where the result is asked for
            future.set_exception(error)

    # A daemon, unlike an executor's threads, which Python waits for on its way out: a server that hangs would keep a
    # training that was interrupted from ending.
    Thread(target=run, name="augsvc-page", daemon=True).start()
    return future
