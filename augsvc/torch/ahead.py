"""One page ahead: the next is fetched while the current one is being used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def ahead(fetch: Callable[[A], B], arguments: Iterable[A]) -> Iterator[tuple[A, B]]:
    """Each argument with `fetch` of it, in order; the next call runs in a thread meanwhile.

    Raises what `fetch` raises, when its turn comes. A caller that stops early does not wait for the call under way.
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="augsvc-page")
    try:
        waiting: tuple[A, Future[B]] | None = None
        for argument in arguments:
            current, waiting = waiting, (argument, pool.submit(fetch, argument))
            if current is not None:
                yield current[0], current[1].result()
        if waiting is not None:
            yield waiting[0], waiting[1].result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
