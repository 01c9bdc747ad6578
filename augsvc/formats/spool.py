"""Rows set aside until their columns' types are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from augsvc.formats.anonymous import Folder, anonymous
from augsvc.types import Int64s, JsonObject

_EMPTY = pa.schema([("line", pa.int64()), ("row", pa.struct([]))])


class Blocks:
    """An anonymous file of record batches, each with a schema of its own."""

    def __init__(self, folder: Folder) -> None:
        self._sink, self._source = anonymous(folder, lambda _, path: (pa.OSFile(path, "wb"), pa.OSFile(path, "rb")))
        self._offsets: list[int] = []

    def append(self, block: pa.RecordBatch) -> None:
        """Set a batch aside; raises OSError as the file system does."""
        offset = self._sink.tell()
        with pa.ipc.new_stream(self._sink, block.schema) as writer:
            writer.write_batch(block)
        self._offsets.append(offset)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        self._sink.flush()
        for offset in self._offsets:
            self._source.seek(offset)
            yield pa.ipc.open_stream(self._source).read_next_batch()


class Spool:
    """Blocks of rows, each with its own types; read back, all have the types of the whole.

    Types widen as blocks come: null to any type, int64 to float64, lists and objects by what is in them. A name that
    some rows lack is null there.
    """

    def __init__(self, folder: Folder) -> None:
        self._blocks = Blocks(folder)
        self._schema = _EMPTY

    @property
    def schema(self) -> pa.Schema:
        """The columns of the rows so far."""
        return pa.schema(self._schema.field("row").type.fields)

    def append(self, lines: list[int], rows: list[JsonObject]) -> None:
        """Set rows aside with their lines' numbers, all or none.

        Raises pa.ArrowException, OverflowError or UnicodeError where a value fits no type or not its column's.
        """
        block = pa.record_batch({"line": pa.array(lines, pa.int64()), "row": pa.array(rows)})
        schema = pa.unify_schemas([self._schema, block.schema], promote_options="permissive")
        self._blocks.append(block)
        self._schema = schema

    def __iter__(self) -> Iterator[tuple[Int64s, pa.RecordBatch]]:
        """Line numbers and rows by block; raises pa.ArrowInvalid where a float64 column has integers beyond 2^53."""
        whole = self._schema.field("row").type
        for batch in self._blocks:
            rows = _widened(batch.column("row"), whole)
            yield batch.column("line").to_numpy(), pa.RecordBatch.from_struct_array(rows)


def _widened(array: Any, kind: Any) -> Any:
    """An unsliced array in a wider type. Arrow's own cast is not asked about lists: of null values it makes garbage."""
    if array.type == kind:
        return array
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), kind)
    if pa.types.is_list(kind):
        values = _widened(array.values, kind.value_type)
        return pa.ListArray.from_arrays(array.offsets, values, type=kind, mask=array.is_null())
    if pa.types.is_struct(kind):
        present = set(array.type.names)
        children = [
            _widened(array.field(field.name), field.type) if field.name in present else pa.nulls(len(array), field.type)
            for field in kind.fields
        ]
        return pa.StructArray.from_arrays(children, fields=kind.fields, mask=array.is_null())
    return array.cast(kind)
