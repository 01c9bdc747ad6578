"""The rows of mapped Arrow files, any of them in any order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from augsvc.batch import TextBatch
from augsvc.errors import AugsvcError
from augsvc.kernels.gather import Stretches, gather, locate
from augsvc.types import Bools, Int64s

SCHEMA = b"augsvc:schema"
"""Metadata of a file whose columns are stored in other types than they have."""


class Chunks:
    """`count` IPC files of `chunk_rows` rows each, the last perhaps fewer, mapped when first needed; safe for threads.

    Texts are copied straight from where they lie, in time that does not depend on how many files there are; the other
    columns file by file.
    """

    def __init__(self, count: int, path: Callable[[int], Path], chunk_rows: int, text_column: str) -> None:
        self._path = path
        self._chunk_rows = chunk_rows
        self._lock = threading.Lock()
        self._layout = _Layout(count, chunk_rows, text_column)

    @property
    def schema(self) -> pa.Schema:
        """The columns, as they were uploaded."""
        self._map(np.zeros(1, np.int64))
        return self._layout.chunks[0].schema

    def find(self, rows: Int64s) -> Found:
        """Where the given rows are, in that order, repeats included; all of them are there."""
        wanted = np.require(rows, np.int64, ["C", "W"])  # as kernels are compiled for
        # The first chunk tells the schema where no row is asked for.
        self._map(np.flatnonzero(np.bincount(wanted // self._chunk_rows)) if len(wanted) else np.zeros(1, np.int64))
        return _found(self._layout, wanted)

    def _map(self, numbers: Int64s) -> None:
        """Map chunks, those aside that are."""
        if self._layout.has(numbers).all():
            return
        with self._lock:
            for number in numbers[~self._layout.has(numbers)].tolist():
                self._layout.add(number, _Chunk.map(self._path(number)))


def warm() -> None:
    """Compile the kernels that copy texts, or load them."""
    batch = pa.record_batch({"text": ["a"]})
    chunk = _Chunk([batch], batch.schema)
    layout = _Layout(1, 1, "text")
    layout.add(0, chunk)
    _found(layout, np.zeros(1, np.int64)).table()


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


class _Layout:
    """The chunks that are mapped: the other columns of each batch, and where its texts lie.

    It only grows, in place, at a cost that grows with what is added: what a reader has found stays where it is, and the
    mappings as long as this does. Many threads may read it while one adds to it.
    """

    def __init__(self, count: int, chunk_rows: int, text_column: str) -> None:
        self.text_column = text_column
        self.chunks: dict[int, _Chunk] = {}
        self.others: list[pa.RecordBatch] = []
        self._chunk_rows = chunk_rows
        self._first, self._stop = np.zeros(count, np.int64), np.zeros(count, np.int64)
        # Of each stretch its first row, the addresses of its offsets and its bytes, and how many those are.
        self._places = np.empty((4, 16), np.int64)

    @property
    def schema(self) -> pa.Schema:
        """The columns of every chunk, of which there is one."""
        return next(iter(self.chunks.values())).schema

    def has(self, numbers: Int64s) -> Bools:
        """Whether each of these chunks is mapped."""
        return self._stop[numbers] > self._first[numbers]

    def add(self, number: int, chunk: _Chunk) -> None:
        """Add a chunk that is not yet there."""
        start, row = len(self.others), number * self._chunk_rows
        stop = start + len(chunk.batches)
        if stop > self._places.shape[1]:
            # Twice as long each time, and put in place once it holds all that was there.
            grown = np.empty((4, 2 * stop), np.int64)
            grown[:, :start] = self._places[:, :start]
            self._places = grown
        for place, batch in enumerate(chunk.batches, start):
            self._places[:, place] = row, *_place(batch.column(self.text_column))
            self.others.append(batch.drop_columns([self.text_column]))
            row += batch.num_rows
        self.chunks[number] = chunk
        # Last of all: whoever finds the chunk finds what is in it.
        self._first[number], self._stop[number] = start, stop

    def stretches(self) -> Stretches:
        """Where texts lie, of all chunks that are mapped by now."""
        wide = int(pa.types.is_large_string(self.schema.field(self.text_column).type))
        row, offsets, data, size = self._places
        return Stretches(self._first, self._stop, row, offsets, data, size, self._chunk_rows, wide)


def _place(texts: pa.Array[Any]) -> tuple[int, int, int]:
    """Where a column's offsets lie, and its bytes, and how many those are."""
    offsets, data = (buffer or pa.py_buffer(b"") for buffer in texts.buffers()[1:])
    return offsets.address, data.address, data.size


def _found(layout: _Layout, rows: Int64s) -> Found:
    stretches = layout.stretches()
    stretch, address, offsets = (np.empty(len(rows) + extra, np.int64) for extra in (0, 0, 1))
    done = locate(rows, stretches, stretch, address, offsets)
    if done < len(rows):
        raise AugsvcError(f"Row {rows[done]} of the corpus is damaged where it is stored: upload the file again.")
    places = rows - stretches.row[stretch]
    return Found(layout, places, stretch, address, offsets)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that are not read yet: the stretch that has each, its place there, and where their texts lie."""

    _layout: _Layout
    _places: Int64s
    _stretch: Int64s
    _address: Int64s
    _offsets: Int64s

    @property
    def text_bytes(self) -> int:
        """How many bytes of UTF-8 the texts have, each counted as often as it was asked for."""
        return int(self._offsets[-1])

    def table(self) -> pa.Table:
        """Read them, each column in one piece."""
        schema = self._layout.schema
        place = schema.get_field_index(self._layout.text_column)
        columns = self._others().columns if len(schema) > 1 else []
        columns.insert(place, pa.chunked_array([self._texts(schema.field(place).type)]))
        table = pa.table(columns, names=schema.names)
        return table if table.schema == schema else table.cast(schema)

    def _texts(self, kind: pa.DataType) -> pa.Array[Any]:
        data = np.empty(self.text_bytes, np.uint8)
        gather(self._address, self._offsets, data)
        return TextBatch(data, self._offsets).to_arrow(kind)

    def _others(self) -> pa.Table:
        others = self._layout.others
        if not len(self._places):
            return others[0].schema.empty_table()
        # In stored order each batch is visited once, forwards; the last take puts the rows back as asked for.
        # Numbers of up to 16 bits are sorted by radix, in a fraction of the time.
        order = np.argsort(self._stretch.astype(np.min_scalar_type(len(others))), kind="stable")
        ordered, back = self._stretch[order], np.empty_like(order)
        back[order] = np.arange(len(order))
        places = self._places[order]
        parts = [
            others[number].take(pa.array(places[start:stop], pa.int64())) for number, start, stop in _runs(ordered)
        ]
        return pa.Table.from_batches(parts).combine_chunks().take(back)


def _runs(sorted_values: Int64s) -> Iterator[tuple[int, int, int]]:
    """Each value of a sorted array, not empty, with the range of indices where it stands."""
    starts = np.flatnonzero(np.diff(sorted_values, prepend=sorted_values[0] - 1))
    stops = np.append(starts[1:], len(sorted_values))
    return zip(sorted_values[starts].tolist(), starts.tolist(), stops.tolist(), strict=True)
