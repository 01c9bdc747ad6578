"""The service, asked from ordinary code."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

import httpx
from tenacity import Retrying, sleep_using_event

import augsvc.client.calls as api
from augsvc.client.arguments import place_of
from augsvc.client.calls import PAGE_ROWS, Call
from augsvc.client.methods import documented
from augsvc.client.replicas import Effort, Limits, Replicas
from augsvc.client.source import RemoteSource, pages
from augsvc.client.transports import AS_IT_COMES, default_transport
from augsvc.client.upload import Body
from augsvc.errors import InvalidInput

if TYPE_CHECKING:
    import pyarrow as pa

    from augsvc.client.stall import Stall
    from augsvc.order import Cursor, Lane

P = ParamSpec("P")
T = TypeVar("T")


def _method(build: Callable[P, Call[T]]) -> Callable[Concatenate[Client, P], T]:
    """A method that makes a call and waits for its answer."""

    def method(client: Client, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return client.ask(build(*args, **kwargs))

    return documented(method, build)


class Client:
    """A service, or several replicas of one, over HTTP.

    Args:
        url: the address of one server, or a list of those of replicas that hold the same corpora.
        transport: one of httpx's, for instance for an application in the same process; by default
            `augsvc.client.transports.HttpClientTransport`.
        timeout: how many seconds a silence may last.
        retries: how often a failure that may pass (no connection, an answer cut short, 429, 503) is asked again, of the
            next replica, after what Retry-After says and a pause drawn from a range that doubles ("full jitter").
        deadline: seconds for a call with all its attempts; None for no other end than the retries'. Past it
            Unavailable is raised, which names the last failure.

    Connects on first use. Threads may share a client; a process that was forked connects anew.

    Every method raises the exception of `augsvc.errors` that the server's problem names (its `extra["request_id"]`
    finds it in the server's log), InvalidInput for an argument that no request can carry, Unavailable where no server
    answers, TransferError where no answer arrives whole.
    """

    def __init__(
        self,
        url: str | Sequence[str],
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 60.0,
        retries: int = 6,
        deadline: float | None = None,
    ) -> None:
        self._replicas = Replicas(url, Limits(timeout, retries, deadline))
        self._closed = threading.Event()
        self._http = httpx.Client(transport=transport or default_transport())

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

    def stream(
        self,
        view_id: str,
        *,
        epoch: int = 0,
        start: int = 0,
        rows: int = PAGE_ROWS,
        lane: Lane | str | None = None,
        cursor: Cursor | str | None = None,
        stall: Stall | None = None,
    ) -> Iterator[pa.Table]:
        """An epoch of a lane from `start` on, in tables of at most `rows` rows, each verified before it is handed out.

        Read as pages, of which some are under way while the last one is used (see `augsvc.client.pages`): a failure
        costs one of them again and never a row. A `cursor` stands in place of `epoch` and `start`; `stall` counts what
        the reader waits. Raises as `page` does.
        """
        epoch, start = place_of(view_id, epoch, start, cursor)
        source = RemoteSource(self, self.view(view_id))
        with pages(source, epoch, start, lane, rows=rows, stall=stall) as found:
            for page in found:
                yield page.table

    def ask(self, call: Call[T]) -> T:
        """The answer of a call, after as many attempts as it takes."""
        effort = Effort(self._replicas, call.repeatable)
        answer: T = Retrying(sleep=sleep_using_event(self._closed), **effort.rules())(self._attempt, call, effort)
        return answer

    def close(self) -> None:
        """Close the connections; calls under way in other threads fail."""
        self._closed.set()
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _attempt(self, call: Call[T], effort: Effort) -> T:
        if self._closed.is_set():
            raise InvalidInput("This client is closed: make another one.")
        with self._replicas.attempt() as url:
            content = call.content.pieces() if isinstance(call.content, Body) else call.content
            request = self._http.build_request(
                url=url + call.path,
                content=content,
                timeout=effort.timeouts(),
                extensions={AS_IT_COMES: effort.left is not None},
                **call.options,
            )
            with closing(self._http.send(request, stream=True)) as response:
                response.stream = _Bounded(response.stream, effort)
                response.read()
            return call.answer(response)


class _Bounded(httpx.SyncByteStream):
    """A body that is not read beyond a deadline."""

    def __init__(self, stream: Any, effort: Effort) -> None:
        self._stream = stream
        self._effort = effort

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            yield piece
            self._effort.check()

    def close(self) -> None:
        self._stream.close()
