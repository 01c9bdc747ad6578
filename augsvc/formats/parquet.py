"""Parquet: columns of any type, read page by page, however large the row groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
from pyarrow import parquet

from augsvc.formats.anonymous import Folder, Mapped
from augsvc.formats.columnar import PIECE_BYTES, Columns, damaged, next_batch
from augsvc.formats.reader import Reader, Rejects, TextColumns

MAX_BATCH_ROWS = 1_024
"""Rows decoded at a time: a dictionary may hold few values that are long, and name them often."""


class ParquetReader(Reader):
    """The rows of a Parquet file, whose columns keep their types; a row is bad without a text or of invalid UTF-8."""

    def __init__(self, stream: BinaryIO, text_column: TextColumns, rejects: Rejects, scratch: Folder) -> None:
        super().__init__(rejects)
        self._mapped = Mapped(stream, scratch)
        try:
            # Nothing is read ahead, nor through a buffer: pages that are not compressed stay in the mapping.
            self._file = parquet.ParquetFile(self._mapped.open(), pre_buffer=False)
            schema = self._file.schema_arrow
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise damaged(error) from None
        self._columns = Columns(schema, text_column, rejects)
        self.schema, self.text_columns = self._columns.schema, self._columns.text_columns

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for group in range(self._file.num_row_groups):
            batches = self._file.iter_batches(self._batch_rows(group), row_groups=[group], use_threads=False)
            while (batch := next_batch(batches)) is not None:
                yield self._columns.sound(batch)
                self._mapped.forget()
        self._rejects.finish()

    def _batch_rows(self, group: int) -> int:
        described = self._file.metadata.row_group(group)
        per_row = described.total_byte_size // max(1, described.num_rows)
        return max(1, min(MAX_BATCH_ROWS, PIECE_BYTES // max(1, per_row)))
