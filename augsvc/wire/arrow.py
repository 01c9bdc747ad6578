"""Arrow IPC streams: record batches, the last one empty with the end frame or the problem as its metadata."""

from __future__ import annotations

import io
import json
from collections.abc import Generator, Sequence
from typing import BinaryIO, Literal, TypeAlias

import pyarrow as pa

from augsvc.errors import TransferError
from augsvc.formats import read_fully
from augsvc.types import JsonObject
from augsvc.wire.frames import TEXT_COLUMNS, Decoder, End, Tally, missing_end, raise_problem
from augsvc.wire.pieces import Pieces

Codec: TypeAlias = Literal["lz4", "zstd"]

_END = b"augsvc:end"
_ERROR = b"augsvc:error"


class ArrowEncoder:
    """Rows as record batches of one IPC stream, whose schema says which columns the checksum covers.

    `codec` compresses the buffers of the batches: `lz4` or `zstd`.
    """

    def __init__(self, schema: pa.Schema, text_columns: Sequence[str], codec: Codec | None = None) -> None:
        named = {TEXT_COLUMNS: json.dumps(list(text_columns)).encode()}
        self._schema = schema.with_metadata({**(schema.metadata or {}), **named})
        self._pieces = Pieces()
        # Threads of its own would be work beyond the caller's one.
        options = pa.ipc.IpcWriteOptions(compression=codec, use_threads=False)
        self._writer = pa.ipc.new_stream(self._pieces, self._schema, options=options)

    def rows(self, batch: pa.RecordBatch) -> bytes:
        """One record batch's message; before the first, the schema's."""
        self._writer.write_batch(batch)
        return self._pieces.fetch()

    def frame(self, name: str, document: JsonObject) -> bytes:
        """The empty batch with the frame, and the stream's end: `name` is `end` or `error`."""
        columns = [column.combine_chunks() for column in self._schema.empty_table().columns]
        empty = pa.RecordBatch.from_arrays(columns, schema=self._schema)
        self._writer.write_batch(empty, custom_metadata={b"augsvc:" + name.encode(): json.dumps(document).encode()})
        self._writer.close()
        return self._pieces.fetch()


class _Full(io.RawIOBase):
    """Gives a reader as many bytes as it asks for, where the stream below may give fewer."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read() if size < 0 else read_fully(self._stream, size)


def decode_arrow(stream: BinaryIO) -> Decoder[pa.Table]:
    """Read an Arrow answer as tables, checked against its end frame; see `Decoder`. Errors of `stream` pass through."""
    return Decoder(_pieces(stream))


def _pieces(stream: BinaryIO) -> Generator[pa.Table, None, End]:
    try:
        reader = pa.ipc.open_stream(_Full(stream))
        tally = Tally(json.loads((reader.schema.metadata or {})[TEXT_COLUMNS]))
        while True:
            batch, metadata = reader.read_next_batch_with_custom_metadata()
            if metadata and _ERROR in metadata:
                raise_problem(json.loads(metadata[_ERROR]))
            if metadata and _END in metadata:
                return tally.verified(json.loads(metadata[_END]))
            # These bytes come from a network: a bad offset would crash the process later instead of raising here.
            batch.validate(full=True)
            table = pa.Table.from_batches([batch])
            tally.add(table)
            yield table
    # To the reader, a cut between two messages is a clean end.
    except StopIteration:
        raise missing_end() from None
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise TransferError(f"The answer cannot be read ({error}): fetch it again.") from error
