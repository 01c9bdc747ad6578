"""Record batches to files as they come, in constant memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.csv
from pyarrow import parquet

from augsvc.errors import InvalidInput
from augsvc.formats.flat import flat_schema

GROUP_BYTES = 32 << 20
"""About how much is held back to become a row group of Parquet."""


class _Writer(Protocol):
    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Append rows."""

    def close(self) -> None:
        """Write what is left."""


class _Sink(io.RawIOBase):
    """Passes on what is written until it is cut off: writers of Arrow end their file even when they are given up."""

    def __init__(self, sink: BinaryIO) -> None:
        super().__init__()
        self._sink: BinaryIO | None = sink

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:
        if self._sink:
            self._sink.write(piece)
        return len(piece)

    def cut_off(self) -> None:
        self._sink = None


class _Flat:
    """CSV, which knows no views of strings."""

    def __init__(self, sink: BinaryIO, schema: pa.Schema) -> None:
        self._schema = flat_schema(schema)
        self._writer = pyarrow.csv.CSVWriter(sink, self._schema)

    def write_batch(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch.cast(self._schema))

    def close(self) -> None:
        self._writer.close()


class _Grouped:
    """Parquet, whose row groups are larger than batches."""

    def __init__(self, sink: BinaryIO, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = parquet.ParquetWriter(sink, schema)
        self._pending: list[pa.RecordBatch] = []
        self._bytes = 0

    def write_batch(self, batch: pa.RecordBatch) -> None:
        self._pending.append(batch)
        self._bytes += batch.nbytes
        if self._bytes >= GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        if self._pending:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_batches(self._pending, self._schema))
        self._pending, self._bytes = [], 0


def _stream(sink: Any, schema: pa.Schema) -> _Writer:
    return pa.ipc.new_stream(sink, schema)


def _file(sink: Any, schema: pa.Schema) -> _Writer:
    # There a dictionary may gain values at its end and be no other one.
    return pa.ipc.new_file(sink, schema, options=pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True))


_WRITERS: dict[str, Callable[[Any, pa.Schema], _Writer]] = {
    "text/csv": _Flat,
    "application/vnd.apache.parquet": _Grouped,
    "application/vnd.apache.arrow.stream": _stream,
    "application/vnd.apache.arrow.file": _file,
}


@contextmanager
def write_batches(sink: BinaryIO, media_type: str, schema: pa.Schema) -> Iterator[Callable[[pa.RecordBatch], None]]:
    """Write a file of a media type, CSV, Parquet, or an Arrow stream or file: the block is given what takes batches.

    The file ends with the block; after an exception it is left without its end. Raises InvalidInput for a column of a
    type that such files do not hold, before anything is written. Errors of `sink`, which stays open, pass through.
    """
    for field in schema:
        _check(media_type, field)
    guarded = _Sink(sink)
    try:
        writer = _WRITERS[media_type](guarded, schema)
        yield writer.write_batch
        writer.close()
    finally:
        guarded.cut_off()


def _check(media_type: str, field: pa.Field[Any]) -> None:
    column = pa.schema([field])
    try:
        writer = _WRITERS[media_type](pa.BufferOutputStream(), column)
        writer.write_batch(pa.RecordBatch.from_arrays([pa.nulls(0, field.type)], schema=column))
        writer.close()
    except (pa.ArrowException, NotImplementedError):
        raise InvalidInput(
            f"Files of type {media_type} hold no {field.type}, the type of {field.name!r}: choose another format."
        ) from None
