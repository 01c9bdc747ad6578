"""The rows of mapped Arrow files, any of them in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from augsvc.batch import TextBatch
from augsvc.errors import AugsvcError
from augsvc.kernels.gather import Stretches, gather, locate
from augsvc.types import Int64s

SCHEMA = b"augsvc:schema"
"""Metadata of a file whose columns are stored in other types than they have."""


class Chunks:
    """`count` IPC files of `chunk_rows` rows each, the last perhaps fewer, mapped when first needed; safe for threads.

    Texts are copied straight from where they lie, in time that does not depend on how many files there are; the other
    columns file by file.
    """

    def __init__(self, count: int, path: Callable[[int], Path], chunk_rows: int, text_column: str) -> None:
        self._count = count
        self._path = path
        self._chunk_rows = chunk_rows
        self._text_column = text_column
        self._open: dict[int, _Chunk] = {}
        self._mapped: _Mapped | None = None

    @property
    def schema(self) -> pa.Schema:
        """The columns, as they were uploaded."""
        return self._chunk(0).schema

    def find(self, rows: Int64s) -> Found:
        """Where the given rows are, in that order, repeats included; all of them are there."""
        wanted = np.require(rows, np.int64, ["C", "W"])  # as kernels are compiled for
        return _found(self._mapping(wanted), self._text_column, wanted)

    def _mapping(self, rows: Int64s) -> _Mapped:
        """What is mapped, the chunks of these rows among it."""
        mapped = self._mapped
        if mapped and len(mapped.chunks) == self._count:
            return mapped
        # The first chunk tells the schema where no row is asked for.
        numbers = np.flatnonzero(np.bincount(rows // self._chunk_rows)).tolist() or [0]
        if mapped and mapped.chunks.keys() >= set(numbers):
            return mapped
        for number in numbers:
            self._chunk(number)
        # Of two threads one may forget what the other has just mapped: it is found again in `_open`.
        self._mapped = mapped = _mapped(self._open.copy(), self._count, self._chunk_rows, self._text_column)
        return mapped

    def _chunk(self, number: int) -> _Chunk:
        # Two threads may both open a chunk; the first mapping stays, for addresses in it are in use.
        return self._open.get(number) or self._open.setdefault(number, _Chunk.map(self._path(number)))


def warm() -> None:
    """Compile the kernels that copy texts, or load them."""
    batch = pa.record_batch({"text": ["a"]})
    chunk = _Chunk([batch], batch.schema)
    _found(_mapped({0: chunk}, 1, 1, "text"), "text", np.zeros(1, np.int64)).table()


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A file's batches as they are stored, and their schema as it was uploaded."""

    batches: list[pa.RecordBatch]
    schema: pa.Schema

    @classmethod
    def map(cls, path: Path) -> _Chunk:
        # Closing gives the descriptor back and keeps the mapping: any number of chunks may stay open.
        with pa.memory_map(str(path)) as source:
            reader = pa.ipc.open_file(source)
            batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        described = (reader.schema.metadata or {}).get(SCHEMA)
        return cls(batches, pa.ipc.read_schema(pa.py_buffer(described)) if described else reader.schema)


@dataclass(frozen=True, slots=True)
class _Mapped:
    """The chunks that were mapped at some time, by number: the other columns of each batch, and where its texts lie.

    The addresses hold as long as this does, which keeps the mappings.
    """

    chunks: dict[int, _Chunk]
    schema: pa.Schema
    others: list[pa.RecordBatch]
    stretches: Stretches


def _mapped(chunks: dict[int, _Chunk], count: int, chunk_rows: int, text_column: str) -> _Mapped:
    batches, places = [], []
    sizes = np.zeros(count + 1, np.int64)
    for number, chunk in sorted(chunks.items()):
        sizes[number + 1] = len(chunk.batches)
        row = number * chunk_rows
        for batch in chunk.batches:
            places.append((row, *_place(batch.column(text_column))))
            batches.append(batch.drop_columns([text_column]))
            row += batch.num_rows
    row, offsets, data, size = np.array(places, np.int64).T.copy()
    schema = next(iter(chunks.values())).schema
    wide = int(pa.types.is_large_string(schema.field(text_column).type))
    stretches = Stretches(np.cumsum(sizes), row, offsets, data, size, chunk_rows, wide)
    return _Mapped(chunks, schema, batches, stretches)


def _place(texts: pa.Array[Any]) -> tuple[int, int, int]:
    """Where a column's offsets lie, and its bytes, and how many those are."""
    offsets, data = (buffer or pa.py_buffer(b"") for buffer in texts.buffers()[1:])
    return offsets.address, data.address, data.size


def _found(mapped: _Mapped, text_column: str, rows: Int64s) -> Found:
    stretch, address, offsets = (np.empty(len(rows) + extra, np.int64) for extra in (0, 0, 1))
    done = locate(rows, mapped.stretches, stretch, address, offsets)
    if done < len(rows):
        raise AugsvcError(f"Row {rows[done]} of the corpus is damaged where it is stored: upload the file again.")
    return Found(mapped, text_column, rows, stretch, address, offsets)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that are not read yet: the stretch that has each, and where their texts lie."""

    _mapped: _Mapped
    _text_column: str
    _rows: Int64s
    _stretch: Int64s
    _address: Int64s
    _offsets: Int64s

    @property
    def text_bytes(self) -> int:
        """How many bytes of UTF-8 the texts have, each counted as often as it was asked for."""
        return int(self._offsets[-1])

    def table(self) -> pa.Table:
        """Read them, each column in one piece."""
        schema = self._mapped.schema
        place = schema.get_field_index(self._text_column)
        columns = self._others().columns if len(schema) > 1 else []
        columns.insert(place, pa.chunked_array([self._texts(schema.field(place).type)]))
        table = pa.table(columns, names=schema.names)
        return table if table.schema == schema else table.cast(schema)

    def _texts(self, kind: pa.DataType) -> pa.Array[Any]:
        data = np.empty(self.text_bytes, np.uint8)
        gather(self._address, self._offsets, data)
        return TextBatch(data, self._offsets).to_arrow(kind)

    def _others(self) -> pa.Table:
        others = self._mapped.others
        if not len(self._rows):
            return others[0].schema.empty_table()
        # In stored order each batch is visited once, forwards; the last take puts the rows back as asked for.
        # Numbers of up to 16 bits are sorted by radix, in a fraction of the time.
        order = np.argsort(self._stretch.astype(np.min_scalar_type(len(others))), kind="stable")
        ordered, back = self._stretch[order], np.empty_like(order)
        back[order] = np.arange(len(order))
        places = self._rows[order] - self._mapped.stretches.row[ordered]
        parts = [others[number].take(pa.array(places[start:stop])) for number, start, stop in _runs(ordered)]
        return pa.Table.from_batches(parts).combine_chunks().take(back)


def _runs(sorted_values: Int64s) -> Iterator[tuple[int, int, int]]:
    """Each value of a sorted array, not empty, with the range of indices where it stands."""
    starts = np.flatnonzero(np.diff(sorted_values, prepend=sorted_values[0] - 1))
    stops = np.append(starts[1:], len(sorted_values))
    return zip(sorted_values[starts].tolist(), starts.tolist(), stops.tolist(), strict=True)
