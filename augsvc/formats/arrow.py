"""Arrow IPC, streams and files: columns of any type, mapped and not read, however large the batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from augsvc.formats.anonymous import Folder, Mapped
from augsvc.formats.columnar import Columns, damaged, next_batch, pieces
from augsvc.formats.reader import Reader, Rejects, TextColumns

_FILE = b"ARROW1"
_ENDS = (b"\xff\xff\xff\xff\0\0\0\0", b"\0\0\0\0")
"""What marks the end of a stream, today and before Arrow 0.15."""


class ArrowReader(Reader):
    """The rows of an IPC stream or file, whose columns keep their types; a row is bad as it is in Parquet.

    Bad offsets and the like make the whole file bad; so does a stream that lacks its end, which may have been cut off.
    """

    def __init__(self, stream: BinaryIO, text_column: TextColumns, rejects: Rejects, scratch: Folder) -> None:
        super().__init__(rejects)
        self._mapped = Mapped(stream, scratch)
        self._source = self._mapped.open()
        self._is_file = self._mapped.pages[: len(_FILE)] == _FILE
        try:
            self._reader: Any = (pa.ipc.open_file if self._is_file else pa.ipc.open_stream)(self._source)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise damaged(error) from None
        self._columns = Columns(self._reader.schema, text_column, rejects)
        self.schema, self.text_columns = self._columns.schema, self._columns.text_columns

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        batches = self._of_file() if self._is_file else self._of_stream()
        while (batch := next_batch(batches)) is not None:
            for piece in pieces(batch):
                yield self._columns.sound(piece)
                self._mapped.forget()
        self._rejects.finish()

    def _of_file(self) -> Iterator[pa.RecordBatch]:
        for number in range(self._reader.num_record_batches):
            yield self._reader.get_batch(number)

    def _of_stream(self) -> Iterator[pa.RecordBatch]:
        start = self._source.tell()
        for batch in self._reader:
            yield batch
            start = self._source.tell()
        end = self._source.tell()
        if end == start or not self._mapped.pages[start:end].endswith(_ENDS):
            raise pa.ArrowInvalid("the stream has no end mark")
        if end < len(self._mapped.pages):
            raise pa.ArrowInvalid(f"{len(self._mapped.pages) - end} bytes follow the stream's end")
