"""Files of columns for `augsvc augment`: rows with the types that a corpus would give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from augsvc.cli.rows import Numbered, Row, Texts, Write
from augsvc.errors import InvalidInput

if TYPE_CHECKING:
    import pyarrow as pa

NDJSON = "application/x-ndjson"

WriteBatch: TypeAlias = "Callable[[pa.RecordBatch], object]"


class Table:
    """The rows of a file of media type `holds`, to be written as `becomes`; every row must be one of a corpus.

    Raises InvalidCorpus as an upload would be refused, InvalidInput for an id column that is none.
    """

    of_bytes = False

    def __init__(
        self, stream: BinaryIO, holds: str, becomes: str, text_columns: Sequence[str] | None, id_column: str | None
    ) -> None:
        from augsvc.formats import read_batches

        self._reader = read_batches(stream, holds, text_column=text_columns)
        self._becomes = becomes
        self._id_column = id_column
        self._places = [self._reader.schema.get_field_index(name) for name in self._reader.text_columns]
        if id_column is not None:
            _check_ids(self._reader.schema, id_column)

    def rows(self, most: int) -> Iterator[Numbered]:
        """The rows, numbered, at most `most` at a time; the rest of each is the batch of all of them."""
        first = 0
        for batch in self._reader:
            for start in range(0, batch.num_rows, most):
                piece = batch.slice(start, most)
                yield list(enumerate(self._rows(piece, first), first))
                first += piece.num_rows

    @contextmanager
    def writing(self, sink: BinaryIO) -> Iterator[Write]:
        """Write to a sink: what the block is given takes rows as they came, and their texts."""
        writing = _writing_lines if self._becomes == NDJSON else _writing_table
        with writing(sink, self._becomes, self._reader.schema) as write:
            yield lambda rows, texts: write(self._batch(rows, texts))

    def _rows(self, batch: pa.RecordBatch, first: int) -> Iterator[Row]:
        columns: list[list[Any]] = [batch.column(place).to_pylist() for place in self._places]
        texts = list(zip(*columns, strict=True))
        ids: list[Any] = [None] * len(texts) if self._id_column is None else batch.column(self._id_column).to_pylist()
        for number, (own, identifier) in enumerate(zip(texts, ids, strict=True), first):
            if self._id_column is not None:
                _check_id(number, self._id_column, identifier)
            yield Row(number, own, identifier, batch)

    def _batch(self, rows: Sequence[Row], texts: Texts) -> pa.RecordBatch:
        import numpy as np
        import pyarrow as pa

        from augsvc.formats.flat import flat_schema

        batch: pa.RecordBatch = rows[0].rest
        if copies := len(texts) // batch.num_rows - 1:
            places: Any = pa.array(np.repeat(np.arange(batch.num_rows), copies + 1))
            # Arrow takes no rows of views
            batch = batch.cast(flat_schema(batch.schema)).take(places).cast(batch.schema)
        for place, column in zip(self._places, zip(*texts, strict=True), strict=True):
            field = batch.schema.field(place)
            batch = batch.set_column(place, field, pa.array(column, field.type))
        return batch


@contextmanager
def _writing_lines(sink: BinaryIO, _media_type: str, schema: pa.Schema) -> Iterator[WriteBatch]:
    from augsvc.wire.ndjson import NdjsonEncoder

    encoder = NdjsonEncoder(schema)
    yield lambda batch: sink.write(encoder.rows(batch))


def _writing_table(sink: BinaryIO, media_type: str, schema: pa.Schema) -> AbstractContextManager[WriteBatch]:
    from augsvc.formats.write import write_batches

    return write_batches(sink, media_type, schema)


def _check_ids(schema: pa.Schema, id_column: str) -> None:
    from pyarrow import types

    from augsvc.formats.reader import is_text

    if id_column not in schema.names:
        raise InvalidInput(f"no column is named {id_column!r}: the columns are {', '.join(schema.names)}")
    kind = schema.field(id_column).type
    if not (types.is_integer(kind) or is_text(kind)):
        raise InvalidInput(f"the column {id_column!r} has the type {kind}: ids are all integers or all strings")


def _check_id(number: int, id_column: str, identifier: Any) -> None:
    from augsvc.batch import row_number

    try:
        row_number(identifier)
    except InvalidInput as error:
        raise InvalidInput(f"row {number} has no usable id in {id_column!r}: {error.detail}") from None
