"""Tables to an answer's bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import pyarrow as pa

from augsvc.wire.accept import ARROW
from augsvc.wire.arrow import ArrowEncoder
from augsvc.wire.frames import Tally, problem
from augsvc.wire.ndjson import NdjsonEncoder

CHUNK_ROWS = 8_192
"""The most rows that are encoded at a time."""


def encode(
    tables: Iterable[pa.Table],
    media_type: str,
    *,
    schema: pa.Schema,
    text_columns: Sequence[str],
    next: Callable[[], str | None],  # noqa: A002 the frame calls it so
) -> Iterator[bytes]:
    """An answer's bytes in chunks of up to `CHUNK_ROWS` rows: all tables, then the end frame.

    `tables` have `schema`, with `_position` (int64) and `text_columns` without nulls; `next` is asked for the cursor
    after the last row once all are out. `media_type` is ARROW or NDJSON. An exception out of `tables` or `next` is
    told in a problem frame and raised again, so that whoever sends can abort the connection.
    """
    encoder = ArrowEncoder(schema, text_columns) if media_type == ARROW else NdjsonEncoder(schema)
    tally = Tally(text_columns)
    try:
        for table in tables:
            for batch in table.to_batches(max_chunksize=CHUNK_ROWS):
                if batch.num_rows:
                    tally.add(pa.Table.from_batches([batch]))
                    yield encoder.rows(batch)
        end = tally.end(next())
    except Exception as error:
        yield encoder.frame("error", problem(error))
        raise
    yield encoder.frame("end", end.document())
