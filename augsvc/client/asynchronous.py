"""The service, asked from an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import aclosing
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

import httpx
from tenacity import AsyncRetrying

import augsvc.client.calls as api
from augsvc.client.ahead import AsyncAhead
from augsvc.client.arguments import lane_of, place_of
from augsvc.client.calls import PAGE_ROWS, Call
from augsvc.client.methods import documented
from augsvc.client.paging import FIRST_ROWS, Ramp, Span, whole
from augsvc.client.replicas import Effort, Limits, Replicas
from augsvc.client.stall import Stall
from augsvc.client.steps import led_async, told
from augsvc.client.upload import Body
from augsvc.errors import InvalidInput

if TYPE_CHECKING:
    import pyarrow as pa

    from augsvc.order import Cursor, Lane
    from augsvc.views import Page

P = ParamSpec("P")
T = TypeVar("T")


def _method(build: Callable[P, Call[T]]) -> Callable[Concatenate[AsyncClient, P], Coroutine[Any, Any, T]]:
    """A method that makes a call and awaits its answer."""

    async def method(client: AsyncClient, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await client.ask(build(*args, **kwargs))

    return documented(method, build)


class AsyncClient:
    """`Client` for asyncio: the same arguments and methods, to be awaited, but `transport` is an asynchronous one.

    For one event loop. Large answers are decoded, and files read, in other threads. Raises what `Client` raises.
    """

    def __init__(
        self,
        url: str | Sequence[str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = 60.0,
        retries: int = 6,
        deadline: float | None = None,
    ) -> None:
        self._replicas = Replicas(url, Limits(timeout, retries, deadline))
        self._transport = transport
        self._closed = False

    augment = _method(api.augment)
    ops = _method(api.ops)
    pipelines = _method(api.pipelines)
    corpora = _method(api.corpora)
    corpus = _method(api.corpus)
    put_corpus = _method(api.put_corpus)
    delete_corpus = _method(api.delete_corpus)
    create_view = _method(api.create_view)
    post_view = _method(api.post_view)
    view = _method(api.view)
    page = _method(api.page)
    rows = _method(api.rows)

    async def stream(
        self,
        view_id: str,
        *,
        epoch: int = 0,
        start: int = 0,
        rows: int = PAGE_ROWS,
        lane: Lane | str | None = None,
        cursor: Cursor | str | None = None,
        stall: Stall | None = None,
    ) -> AsyncIterator[pa.Table]:
        """An epoch of a lane from `start` on, in tables, as `Client.stream`."""
        epoch, start = place_of(view_id, epoch, start, cursor)
        view, share, ramp, stall = await self.view(view_id), lane_of(lane), Ramp(FIRST_ROWS, rows), stall or Stall()

        async def part(span: Span) -> Page:
            place: dict[str, Any] = {"epoch": epoch, "start": span.start, "rows": span.rows, "lane": share}
            return await led_async(told(api.page(view_id, **place, stall=stall.share), view), self.ask)

        async def fetch(span: Span) -> Page:
            return await led_async(whole(span), part)

        spans = ramp.spans(share, start, view.rows, view.rows)
        async with aclosing(AsyncAhead(fetch, spans, seen=ramp.seen, stall=stall)) as found:
            async for page in found:
                yield page.table

    async def ask(self, call: Call[T]) -> T:
        """The answer of a call, after as many attempts as it takes."""
        effort = Effort(self._replicas, call.repeatable)
        answer: T = await AsyncRetrying(**effort.rules())(self._attempt, call, effort)
        return answer

    async def aclose(self) -> None:
        """Close the connections."""
        self._closed = True
        if "_http" in self.__dict__:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    @cached_property
    def _http(self) -> httpx.AsyncClient:
        # Made late: it loads the certificates, some 20 ms of CPU.
        return httpx.AsyncClient(transport=self._transport)

    async def _attempt(self, call: Call[T], effort: Effort) -> T:
        if self._closed:
            raise InvalidInput("This client is closed: make another one.")
        with self._replicas.attempt() as url:
            content = call.content.pieces_apart() if isinstance(call.content, Body) else call.content
            request = self._http.build_request(
                url=url + call.path, content=content, timeout=effort.timeouts(), **call.options
            )
            try:
                async with asyncio.timeout(effort.left):
                    response = await self._http.send(request)
            except TimeoutError:
                raise httpx.ReadTimeout("timed out", request=request) from None
            return await asyncio.to_thread(call.answer, response)
