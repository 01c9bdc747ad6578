"""Tables to an answer's bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import pyarrow as pa

from augsvc.types import JsonObject
from augsvc.wire.accept import ARROW, ARROW_LZ4, ARROW_ZSTD, EVENTS, NDJSON
from augsvc.wire.arrow import ArrowEncoder, Codec
from augsvc.wire.events import EventsEncoder
from augsvc.wire.frames import Tally, problem
from augsvc.wire.ndjson import NdjsonEncoder

_CODECS: dict[str, Codec | None] = {ARROW: None, ARROW_LZ4: "lz4", ARROW_ZSTD: "zstd"}

CHUNK_ROWS = 8_192
"""The most rows that are encoded at a time."""


class _Encoder(Protocol):
    def rows(self, batch: pa.RecordBatch) -> bytes:
        """The bytes of rows, of which there are some."""

    def frame(self, name: str, document: JsonObject) -> bytes:
        """The frame that ends the answer."""


def encode(
    tables: Iterable[pa.Table],
    media_type: str,
    *,
    schema: pa.Schema,
    text_columns: Sequence[str],
    next: Callable[[], str | None],  # noqa: A002 the frame calls it so
    stem: str = "",
    start: int = 0,
    explain: Callable[[Exception], JsonObject] = problem,
) -> Iterator[bytes]:
    """An answer's bytes in chunks of up to `CHUNK_ROWS` rows: all tables, then the end frame.

    `tables` have `schema`, with `_position` (int64) and `text_columns` without nulls; `next` is asked for the cursor
    after the last row once all are out. `media_type` is one of ROW_TYPES; events are named by the cursor after them,
    `stem` and a position, or `stem` and `start` where there are no rows. An exception out of `tables` or `next` is
    told in a problem frame, as `explain` words it, and raised again, so that whoever sends can abort the connection.
    """
    tally = Tally(text_columns)
    encoder: _Encoder
    if media_type == NDJSON:
        encoder = NdjsonEncoder(schema)
    elif media_type == EVENTS:
        encoder = EventsEncoder(schema, stem, start)
    else:
        encoder = ArrowEncoder(schema, text_columns, _CODECS[media_type])
    try:
        for table in tables:
            for batch in table.to_batches(max_chunksize=CHUNK_ROWS):
                if batch.num_rows:
                    tally.add(pa.Table.from_batches([batch]))
                    yield encoder.rows(batch)
        end = tally.end(next())
    except Exception as error:
        yield encoder.frame("error", explain(error))
        raise
    yield encoder.frame("end", end.document())
