"""How rows of a view leave the service: finite pages that any cache may keep, and long streams that end in time."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import orjson
import pyarrow as pa
from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from augsvc.errors import CursorMismatch, Fault
from augsvc.order import Cursor, Lane
from augsvc.service.problems import invalid, naming
from augsvc.service.schemas import PlaceQuery, RowsRequest
from augsvc.service.slots import Slots
from augsvc.service.state import Service
from augsvc.views import Page, Source, read
from augsvc.wire import WIRE_VERSION, encode

STREAM_ROWS = 4_096
GRACE_SECONDS = 60.0
"""A stream whose client reads too slowly to get its end frame is cut this long after it should have ended."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read: an epoch, a first position, a lane."""

    epoch: int
    start: int
    lane: Lane

    @classmethod
    def of(cls, query: PlaceQuery, view_id: str) -> Place:
        """The place that parameters name. Raises BadRequest, CursorMismatch or InvalidInput."""
        epoch, start = query.epoch, query.start
        if query.cursor is not None:
            with naming("cursor"):
                cursor = Cursor.parse(query.cursor)
            if cursor.view_id != view_id:
                raise CursorMismatch(f"The cursor is one of view {cursor.view_id}, not of {view_id}.")
            epoch, start = cursor.epoch, cursor.position
        with naming("lane"):
            lane = Lane() if query.lane is None else Lane.parse(query.lane)
        if start < lane.origin:
            named = "start" if query.cursor is None else "cursor"
            fault = Fault(named, f"At least the lane's origin, {lane.origin}.")
            raise invalid("The first position lies before the lane's origin", [fault])
        return cls(epoch, start, lane)


def page(source: Source, place: Place, rows: int, media_type: str, headers: Headers) -> Response:
    """One page with its ETag, or 304 where the client has it; the same request gives the same bytes for ever."""
    etag = _etag(source.view_id, place, rows, media_type)
    fixed = {"ETag": etag, "Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept, Accept-Encoding"}
    if _matches(headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=fixed)
    found = source.page(place.epoch, place.start, rows, place.lane)
    cursor = _cursor(source, place.epoch, found.next)
    body = _whole(source, found, cursor, media_type)
    return Response(body, headers=fixed | ({"Augsvc-Next": cursor} if cursor else {}), media_type=media_type)


def picked(source: Source, request: RowsRequest, media_type: str) -> Response:
    """The positions that a request lists, in its order. Raises InvalidInput or TooLarge."""
    found = source.pick(request.epoch, np.array(request.positions, np.int64))
    return Response(
        _whole(source, found, None, media_type), headers={"Cache-Control": "no-store"}, media_type=media_type
    )


def _whole(source: Source, page: Page, cursor: str | None, media_type: str) -> bytes:
    return b"".join(
        encode([page.table], media_type, schema=source.schema, text_columns=source.text_columns, next=lambda: cursor)
    )


class Rows:
    """The rows of a stream, read page by page until the epoch, the time or the server ends.

    Reads the first page at once, so that what can be refused is refused before the answer begins.
    """

    def __init__(self, source: Source, place: Place, seconds: float, stopping: Callable[[], bool]) -> None:
        self._source = source
        self._place = place
        self._end = time.monotonic() + seconds
        self._stopping = stopping
        self._page = self._read(place.start)

    def frames(self, media_type: str) -> Iterator[bytes]:
        """Chunks of the stream, the end frame last; after a failure its problem frame, and the error."""
        source = self._source
        return encode(
            self._tables(), media_type, schema=source.schema, text_columns=source.text_columns, next=self._next
        )

    def _read(self, start: int) -> Page:
        return read(self._source, self._place.epoch, start, STREAM_ROWS, self._place.lane)

    def _tables(self) -> Iterator[pa.Table]:
        yield self._page.table
        # Asked between pages, never within one, so that the cursor always stands behind whole pages.
        while self._page.next is not None and not self._stopping() and time.monotonic() < self._end:
            self._page = self._read(self._page.next)
            yield self._page.table

    def _next(self) -> str | None:
        return _cursor(self._source, self._place.epoch, self._page.next)


class RowStream(StreamingResponse):
    """A stream that holds its slot until it has ended, however it ends."""

    def __init__(self, frames: Iterator[bytes], slots: Slots, held: ExitStack, seconds: float, media_type: str) -> None:
        super().__init__(_steps(frames, slots), headers={"Cache-Control": "no-store"}, media_type=media_type)
        self._held = held
        self._seconds = seconds + GRACE_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it all. Raises TimeoutError where the client reads too slowly."""
        with self._held:
            async with asyncio.timeout(self._seconds):
                await super().__call__(scope, receive, send)


async def stream(source: Source, place: Place, seconds: float, media_type: str, service: Service) -> RowStream:
    """A long stream from a place on. Raises Overloaded."""
    slots = service.transfers
    with ExitStack() as stack:
        stack.enter_context(slots.taken())
        rows = await slots.step(Rows, source, place, seconds, lambda: service.draining)
        # The answer holds the slot from here on; whatever failed above has given it back.
        return RowStream(rows.frames(media_type), slots, stack.pop_all(), seconds, media_type)


async def _steps(frames: Iterator[bytes], slots: Slots) -> AsyncIterator[bytes]:
    # Starlette would run a plain iterator on threads of its own, beyond the slots' number.
    while (frame := await slots.step(next, frames, None)) is not None:
        yield frame


def _cursor(source: Source, epoch: int, position: int | None) -> str | None:
    return None if position is None else str(Cursor(source.view_id, epoch, position))


def _etag(view_id: str, place: Place, rows: int, media_type: str) -> str:
    # The version of pyarrow, because a strong tag promises equal bytes and not only equal rows.
    named = [
        WIRE_VERSION,
        pa.__version__,
        orjson.__version__,
        view_id,
        place.epoch,
        place.start,
        rows,
        str(place.lane),
        media_type,
    ]
    return f'"{hashlib.sha256(json.dumps(named).encode()).hexdigest()[:32]}"'


def _matches(header: str, etag: str) -> bool:
    """Whether If-None-Match names the tag; weak comparison, RFC 9110, section 13.1.2."""
    return header.strip() == "*" or etag in (item.strip().removeprefix("W/") for item in header.split(","))
