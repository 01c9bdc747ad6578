"""One page ahead: the next is fetched while the current one is being used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def ahead(fetch: Callable[[A], B], arguments: Iterable[A]) -> Iterator[tuple[A, B]]:
    """Each argument with `fetch` of it, in order; the next call runs in a thread meanwhile.

    Raises what `fetch` raises, when its turn comes. A caller that stops early does not wait for the call under way.
    """
    waiting: tuple[A, Future[B]] | None = None
    for argument in arguments:
        current, waiting = waiting, (argument, _begun(fetch, argument))
        if current is not None:
            yield current[0], current[1].result()
    if waiting is not None:
        yield waiting[0], waiting[1].result()


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
