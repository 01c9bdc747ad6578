"""What readers of files of columns share: columns of any type are carried as they are, bad rows left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from augsvc.errors import InvalidCorpus
from augsvc.formats.flat import as_bytes, carries, flat_schema, usual_schema
from augsvc.formats.reader import Rejects, TextColumns, check_names, choose_text_columns

PIECE_BYTES = 4 << 20
"""About how much of a file is looked at at a time."""

_Array = Any
"""A pa.Array; the stubs know its kinds by class, the code by type."""


class Columns:
    """The columns of a file: its schema as a corpus has it, and the batches that it makes of the file's.

    Dictionaries are those of the whole file so far, and what the schema says beyond names and types is left away.
    Raises InvalidCorpus for columns that no corpus has.
    """

    def __init__(self, schema: pa.Schema, text_column: TextColumns, rejects: Rejects) -> None:
        _check(schema)
        self._rejects = rejects
        self._row = 0
        self._dictionaries: dict[str, _Array] = {}
        self.text_columns = choose_text_columns(schema, text_column)
        self.schema = usual_schema(schema)

    def sound(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of a batch that are rows of a corpus, the others noted as bad; raises InvalidCorpus."""
        _refuse_lies(batch)
        first, self._row = self._row, self._row + batch.num_rows
        bad = self._faults(batch)
        for row in sorted(bad):
            self._rejects.add(first + row, bad[row])
        if bad:
            batch = _take(batch, (row for row in range(batch.num_rows) if row not in bad))
        named = zip(self.schema, batch.columns, strict=True)
        return pa.RecordBatch.from_arrays([self._column(field, column) for field, column in named], schema=self.schema)

    def _faults(self, batch: pa.RecordBatch) -> dict[int, str]:
        faults = dict.fromkeys(_undecodable(batch), "invalid UTF-8")
        for name in self.text_columns:
            texts = batch.column(self.schema.get_field_index(name))
            missing = np.flatnonzero(np.asarray(texts.is_null())).tolist() if texts.null_count else []
            faults |= dict.fromkeys(missing, f"the text in {name!r} is null")
        return faults

    def _column(self, field: pa.Field[Any], column: _Array) -> _Array:
        if not pa.types.is_dictionary(field.type):
            return column if column.type == field.type else column.cast(field.type)
        known = self._dictionaries.get(field.name)
        if known is not None and not known.equals(column.dictionary):
            none = pa.array([], field.type.index_type)
            both = [pa.DictionaryArray.from_arrays(none, known, ordered=field.type.ordered), column]
            column = pa.chunked_array(both).unify_dictionaries().chunk(1)
        self._dictionaries[field.name] = column.dictionary
        return column


def pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Cut a batch, valid or not, into slices of about `PIECE_BYTES`."""
    rows = max(1, batch.num_rows * PIECE_BYTES // max(batch.get_total_buffer_size(), PIECE_BYTES))
    return (batch.slice(start, rows) for start in range(0, batch.num_rows, rows))


def next_batch(batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    """The next batch, None after the last; raises InvalidCorpus where the file cannot be read on."""
    try:
        return next(batches, None)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise damaged(error) from None


def damaged(error: Exception) -> Exception:
    """The error to raise for a file that cannot be read on; errors of the disk, which have a number, are their own."""
    if isinstance(error, OSError) and error.errno is not None:
        return error
    return InvalidCorpus(f"The file is damaged or cut off ({' '.join(str(error).split())}): write it again.")


def _check(schema: pa.Schema) -> None:
    try:
        check_names(schema)
    except UnicodeDecodeError:
        raise InvalidCorpus("The name of a column is no valid UTF-8: rename it.") from None
    for field in schema:
        if not carries(field.type):
            raise InvalidCorpus(
                f"The column {field.name} has the type {field.type}, which no corpus holds: convert it."
            )


def _refuse_lies(batch: pa.RecordBatch) -> None:
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if column.null_count and not field.nullable:
            raise damaged(pa.ArrowInvalid(f"the column {field.name} has nulls, which its schema excludes"))


def _undecodable(batch: pa.RecordBatch) -> list[int]:
    """The rows that hold invalid UTF-8; raises InvalidCorpus for a batch that is invalid in any other way."""
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        pass
    else:
        return []
    columns: list[_Array] = batch.columns
    try:
        for column in columns:
            as_bytes(column).validate(full=True)
            if pa.types.is_dictionary(column.type):
                # Every row would be bad.
                column.dictionary.validate(full=True)
    except pa.ArrowInvalid as error:
        raise damaged(error) from None
    return list(_halved(batch, 0))


def _halved(batch: pa.RecordBatch, first: int) -> Iterator[int]:
    """The rows that are invalid, counted from `first`."""
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        if batch.num_rows == 1:
            yield first
            return
        half = batch.num_rows // 2
        # Taken, not sliced: nested values of other rows would be looked at again and again.
        for start, stop in ((0, half), (half, batch.num_rows)):
            yield from _halved(_take(batch, range(start, stop)), first + start)


def _take(batch: pa.RecordBatch, rows: Iterable[int]) -> pa.RecordBatch:
    return batch.cast(flat_schema(batch.schema)).take(pa.array(rows, pa.int64())).cast(batch.schema)
