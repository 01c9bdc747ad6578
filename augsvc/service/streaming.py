"""Long answers of a view's rows, which end in time with a cursor to go on from."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack

import pyarrow as pa
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from augsvc.service.forms import Form
from augsvc.service.places import Place
from augsvc.service.slots import Slots
from augsvc.service.state import Service
from augsvc.views import PAGE_ROWS, Page, Source, read

FIRST_ROWS = 1_024
"""Rows of a stream's first page, so that something comes soon; each further page is twice as long, up to PAGE_ROWS."""
WIDE_BYTES = 2**23
"""A page of more bytes is not followed by a longer one: a stream that is read slowly holds on to its page."""
GRACE_SECONDS = 60.0
"""A stream whose client reads too slowly to get its end frame is cut this long after it should have ended."""
# A proxy that collects an answer before it passes it on would undo the streaming.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Rows:
    """The rows of a stream, read page by page until the epoch, the time or the server ends.

    Reads the first page at once, so that what can be refused is refused before the answer begins.
    """

    def __init__(self, source: Source, place: Place, seconds: float, stopping: Callable[[], bool]) -> None:
        self._source = source
        self._place = place
        self._end = time.monotonic() + seconds
        self._stopping = stopping
        self._rows = FIRST_ROWS
        self._page = self._read(place.start)

    def chunks(self, form: Form) -> Iterator[bytes]:
        """Chunks of the stream, the end frame last; after a failure its problem frame, and the error."""
        return form.chunks(self._source, self._place.epoch, self._place.start, self._tables(), lambda: self._page.next)

    def _read(self, start: int) -> Page:
        return read(self._source, self._place.epoch, start, self._rows, self._place.lane)

    def _tables(self) -> Iterator[pa.Table]:
        yield self._page.table
        # Asked between pages, never within one, so that the cursor always stands behind whole pages.
        while self._page.next is not None and not self._stopping() and time.monotonic() < self._end:
            if self._page.table.nbytes <= WIDE_BYTES:
                self._rows = min(2 * self._rows, PAGE_ROWS)
            self._page = self._read(self._page.next)
            yield self._page.table


class RowStream(StreamingResponse):
    """A stream that holds its slot until it has ended, however it ends."""

    def __init__(self, chunks: Iterator[bytes], slots: Slots, held: ExitStack, seconds: float, form: Form) -> None:
        super().__init__(_steps(chunks, slots), 200, HEADERS | form.headers(resumes=True), form.media_type)
        self._held = held
        self._seconds = seconds + GRACE_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it all. Raises TimeoutError where the client reads too slowly."""
        with self._held:
            async with asyncio.timeout(self._seconds):
                await super().__call__(scope, receive, send)


async def stream(source: Source, place: Place, seconds: float, form: Form, service: Service) -> RowStream:
    """A long stream from a place on. Raises Overloaded."""
    slots = service.transfers
    with ExitStack() as stack:
        stack.enter_context(slots.taken())
        rows = await slots.step(Rows, source, place, seconds, lambda: service.draining)
        # The answer holds the slot from here on; whatever failed above has given it back.
        return RowStream(rows.chunks(form), slots, stack.pop_all(), seconds, form)


def head(form: Form) -> Response:
    """The headers of a stream, without a slot or a row."""
    return StreamingResponse(iter(()), 200, HEADERS | form.headers(resumes=True), form.media_type)


async def _steps(chunks: Iterator[bytes], slots: Slots) -> AsyncIterator[bytes]:
    # Starlette would run a plain iterator on threads of its own, beyond the slots' number.
    while (chunk := await slots.step(next, chunks, None)) is not None:
        yield chunk
