"""Server-sent events (WHATWG HTML, section 9.2): an event a row, whose id is the cursor after it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from augsvc.types import JsonObject
from augsvc.wire.ndjson import NdjsonEncoder

_EVENT = b"event: %b\nid: %b%d\ndata: %b\n\n"


class EventsEncoder:
    """Rows as events `rows`, each with an NDJSON line as its data; each method's bytes end with an event.

    `stem` and a position are a cursor, which is the id of the event before that position; `start` is the first.
    """

    def __init__(self, schema: pa.Schema, stem: str, start: int) -> None:
        self._lines = NdjsonEncoder(schema)
        self._stem = stem.encode()
        # Also of an end without rows: a reader that has no id would begin anew for ever.
        self._next = start

    def rows(self, batch: pa.RecordBatch) -> bytes:
        """An event a row."""
        lines = self._lines.rows(batch).splitlines()
        positions: list[Any] = batch.column("_position").to_pylist()
        self._next = positions[-1] + 1
        stem = self._stem
        return b"".join(
            [_EVENT % (b"rows", stem, position + 1, line) for position, line in zip(positions, lines, strict=True)]
        )

    def frame(self, name: str, document: JsonObject) -> bytes:
        """The last event: `name` is `end` or `error`. Its id is that of the last row, after which to go on."""
        return _EVENT % (name.encode(), self._stem, self._next, self._lines.frame(name, document).rstrip())
