"""Immutable corpora: named manifests over content-addressed chunks of rows.

A chunk is an uncompressed Arrow IPC file of `CHUNK_ROWS` rows (the last may have fewer). The manifest names the
columns, the column of texts, the number of rows and the chunks in order; its SHA-256 is the corpus's digest, so
equal content has one digest and a digest never changes its content.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import rfc8785

from augsvc.errors import InvalidCorpus, InvalidInput, UnknownCorpus
from augsvc.formats import OnBad, Reader, read_batches
from augsvc.store import DIGEST, NAME, Store
from augsvc.types import Int64s, JsonObject

CHUNK_ROWS = 65_536
"""Rows of every chunk but the last; a power of two."""

SEGMENT_BYTES = 64 << 20
"""About the most that one record batch of a chunk holds, so that memory is bounded however long the rows are."""


@dataclass(frozen=True, kw_only=True)
class CorpusInfo:
    """What a corpus is; `name` is what it was asked by, a digest included."""

    name: str
    digest: str
    rows: int
    columns: tuple[tuple[str, str], ...]
    text_column: str

    def document(self) -> JsonObject:
        """The JSON that describes the corpus."""
        return {
            "name": self.name,
            "digest": self.digest,
            "rows": self.rows,
            "columns": [{"name": name, "type": kind} for name, kind in self.columns],
            "text_column": self.text_column,
        }


@dataclass(frozen=True, kw_only=True)
class Registered(CorpusInfo):
    """A corpus just uploaded: `skipped` bad rows, the digest `previous` of a name that moved, if the name is new."""

    skipped: int
    previous: str | None
    created: bool

    def document(self) -> JsonObject:
        """The JSON that answers an upload; `previous` only where the name moved."""
        moved = {} if self.previous is None else {"previous": self.previous}
        return {**super().document(), "skipped": self.skipped, **moved}


class Corpora:
    """The corpora of a store, by name or digest; holds no state of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(
        self,
        name: str,
        stream: BinaryIO,
        media_type: str,
        *,
        text_column: str | None = None,
        on_bad: OnBad = "fail",
    ) -> Registered:
        """Make a file a corpus and let `name` stand for it; all or nothing, whatever fails in between.

        Arguments and errors are those of `formats.read_batches`; raises InvalidInput for a name that is none and
        InvalidCorpus for a file without rows. Errors of `stream` and of the disk pass through.
        """
        if not NAME.fullmatch(name) or DIGEST.fullmatch(name):
            raise InvalidInput(
                "A corpus's name has 1 to 128 letters, digits, '.', '_' and '-', begins with a letter or digit, "
                "and is no digest."
            )
        reader = read_batches(stream, media_type, text_column=text_column, on_bad=on_bad, scratch=self._store.scratch)
        manifest = self._stored(reader)
        digest = hashlib.sha256(rfc8785.dumps(manifest)).hexdigest()
        # Before the name: a crash in between leaves content without a name, never a name without content.
        self._store.put_document("manifests", digest, manifest)
        previous = self._store.set_tag(name, digest)
        return Registered(
            **vars(_info(name, digest, manifest)),
            skipped=reader.skipped,
            previous=None if previous == digest else previous,
            created=previous is None,
        )

    def list(self) -> list[CorpusInfo]:
        """Every named corpus, by name."""
        found = []
        for name in self._store.tags():
            # a name may go while the list is made
            with contextlib.suppress(UnknownCorpus):
                found.append(self.describe(name))
        return found

    def describe(self, name: str) -> CorpusInfo:
        """What a corpus is, by name or digest; raises UnknownCorpus."""
        return _info(name, *self._manifest(name))

    def delete(self, name: str) -> None:
        """Forget a name; views of its content go on. Raises UnknownCorpus."""
        if not NAME.fullmatch(name) or not self._store.delete_tag(name):
            raise _unknown(name)

    def open(self, name: str) -> Corpus:
        """The rows of a corpus, by name or digest; raises UnknownCorpus."""
        return Corpus(self._store, *self._manifest(name))

    def _stored(self, reader: Reader) -> JsonObject:
        """The manifest of the reader's rows, all of whose chunks are written before the first becomes an object."""
        with ExitStack() as stack:
            paths, rows = _write_chunks(self._store, stack, reader, reader.schema)
            if not rows:
                raise InvalidCorpus("The file has no rows to keep: send some.", faults=reader.faults)
            return {
                "version": 1,
                "columns": [{"name": field.name, "type": str(field.type)} for field in reader.schema],
                "text_column": reader.text_column,
                "rows": rows,
                "chunk_rows": CHUNK_ROWS,
                "chunks": [self._store.put_object(path) for path in paths],
            }

    def _manifest(self, name: str) -> tuple[str, JsonObject]:
        digest = name if DIGEST.fullmatch(name) else self._store.get_tag(name) if NAME.fullmatch(name) else None
        manifest = None if digest is None else self._store.get_document("manifests", digest)
        if digest is None or manifest is None:
            raise _unknown(name)
        return digest, manifest


class Corpus:
    """The rows of one corpus, over memory-mapped chunks that are opened when first needed; safe for threads."""

    def __init__(self, store: Store, digest: str, manifest: JsonObject) -> None:
        self.digest = digest
        self.rows: int = manifest["rows"]
        self.text_column: str = manifest["text_column"]
        self._chunk_rows: int = manifest["chunk_rows"]
        self._chunks: list[str] = manifest["chunks"]
        self._store = store
        self._open: dict[int, _Chunk] = {}

    @property
    def schema(self) -> pa.Schema:
        """The columns, as they were uploaded."""
        return self._chunk(0).batches[0].schema

    def text_bytes(self, rows: Int64s) -> int:
        """How many bytes of UTF-8 the texts of the given rows have, each counted as often as it is asked for."""
        ordered = np.sort(rows)
        return sum(
            int(self._chunk(number).sizes[ordered[start:stop] - number * self._chunk_rows].sum())
            for number, start, stop in _runs(ordered // self._chunk_rows)
        )

    def take(self, rows: Int64s) -> pa.Table:
        """The given rows, in that order, repeats included, in one batch per column if any; raises IndexError."""
        if rows.size and (rows.min() < 0 or rows.max() >= self.rows):
            raise IndexError(f"rows must be in [0, {self.rows})")
        # In stored order each chunk is visited once, forwards; the last take puts the rows back as asked for.
        order = np.argsort(rows, kind="stable")
        ordered = rows[order]
        parts = [
            self._chunk(number).take(ordered[start:stop] - number * self._chunk_rows)
            for number, start, stop in _runs(ordered // self._chunk_rows)
        ]
        table = pa.concat_tables([part for chunk in parts for part in chunk]) if parts else self.schema.empty_table()
        return table.combine_chunks().take(np.argsort(order))

    def _chunk(self, number: int) -> _Chunk:
        # Two threads may both open a chunk: the second mapping replaces an equal one.
        if number not in self._open:
            self._open[number] = _Chunk(self._store.object_path(self._chunks[number]), self.text_column)
        return self._open[number]


class _Chunk:
    """A mapped IPC file and where each of its batches begins."""

    def __init__(self, path: Path, text_column: str) -> None:
        self._text_column = text_column
        # Closing gives the descriptor back and keeps the mapping: any number of chunks may stay open.
        with pa.memory_map(str(path)) as source:
            reader = pa.ipc.open_file(source)
            self.batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        sizes = [batch.num_rows for batch in self.batches]
        self._starts = np.cumsum([0, *sizes[:-1]])

    @cached_property
    def sizes(self) -> Int64s:
        """Bytes of each row's text."""
        texts = pa.chunked_array([batch.column(self._text_column) for batch in self.batches])
        sizes: Int64s = pc.binary_length(texts).cast(pa.int64()).to_numpy()
        return sizes

    def take(self, rows: Int64s) -> Iterator[pa.Table]:
        """Sorted rows of this chunk, a table for each batch they touch."""
        numbers = np.searchsorted(self._starts, rows, side="right") - 1
        for number, start, stop in _runs(numbers):
            wanted = pa.array(rows[start:stop] - self._starts[number])
            yield pa.Table.from_batches([self.batches[number].take(wanted)])


def _write_chunks(
    store: Store, stack: ExitStack, batches: Iterable[pa.RecordBatch], schema: pa.Schema
) -> tuple[list[Path], int]:
    """Write all rows as chunk files, removed with `stack` unless the store took them in; the files and their rows."""
    paths, rows = [], 0
    for _, segments in groupby(_segments(batches), key=lambda segment: segment.chunk):
        path = stack.enter_context(store.temporary())
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            for segment in segments:
                writer.write_table(segment.table)
                rows += segment.table.num_rows
        paths.append(path)
    return paths, rows


class _Segment(NamedTuple):
    chunk: int
    table: pa.Table


def _segments(batches: Iterable[pa.RecordBatch]) -> Iterator[_Segment]:
    """The same rows as tables of one batch that never cross a chunk's end nor grow much beyond `SEGMENT_BYTES`."""
    pending: list[pa.RecordBatch] = []
    chunk, room, size = 0, CHUNK_ROWS, 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, room)
            start += part.num_rows
            pending.append(part)
            room, size = room - part.num_rows, size + part.nbytes
            if not room or size >= SEGMENT_BYTES:
                yield _Segment(chunk, pa.Table.from_batches(pending).combine_chunks())
                pending, size = [], 0
            if not room:
                chunk, room = chunk + 1, CHUNK_ROWS
    if pending:
        yield _Segment(chunk, pa.Table.from_batches(pending).combine_chunks())


def _runs(sorted_values: Int64s) -> Iterator[tuple[int, int, int]]:
    """Each value of a sorted array with the range of indices where it stands."""
    values, starts = np.unique(sorted_values, return_index=True)
    stops = np.append(starts, sorted_values.size)[1:]
    return zip(values.tolist(), starts.tolist(), stops.tolist(), strict=True)


def _info(name: str, digest: str, manifest: JsonObject) -> CorpusInfo:
    columns = tuple((column["name"], column["type"]) for column in manifest["columns"])
    return CorpusInfo(
        name=name, digest=digest, rows=manifest["rows"], columns=columns, text_column=manifest["text_column"]
    )


def _unknown(name: str) -> UnknownCorpus:
    return UnknownCorpus(f"No corpus has the name or digest {name[:200]!r}: upload it, or list the corpora.")
