"""Server-sent events (WHATWG HTML, section 9.2): an event a row, whose id is the cursor after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from augsvc.types import JsonObject
from augsvc.wire.ndjson import NdjsonEncoder


class EventsEncoder:
    """Rows as events `rows`, each with an NDJSON line as its data; each method's bytes end with an event.

    `cursor` makes the cursor at a position, which is the id of the event before it; `start` is the first position.
    """

    def __init__(self, schema: pa.Schema, cursor: Callable[[int], str], start: int) -> None:
        self._lines = NdjsonEncoder(schema)
        self._cursor = cursor
        # Also of an end without rows: a reader that has no id would begin anew for ever.
        self._id = cursor(start)

    def rows(self, batch: pa.RecordBatch) -> bytes:
        """An event a row."""
        lines = self._lines.rows(batch).splitlines()
        positions: list[Any] = batch.column("_position").to_pylist()
        ids = [self._cursor(position + 1) for position in positions]
        self._id = ids[-1]
        return b"".join([_event(b"rows", line, name) for line, name in zip(lines, ids, strict=True)])

    def frame(self, name: str, document: JsonObject) -> bytes:
        """The last event: `name` is `end` or `error`. Its id is that of the last row, after which to go on."""
        return _event(name.encode(), self._lines.frame(name, document).rstrip(), self._id)


def _event(name: bytes, line: bytes, cursor: str) -> bytes:
    return b"event: %b\nid: %b\ndata: %b\n\n" % (name, cursor.encode(), line)
