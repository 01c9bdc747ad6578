"""Immutable corpora: named manifests over content-addressed chunks of rows.

A chunk is an uncompressed Arrow IPC file of `CHUNK_ROWS` rows (the last may have fewer). The manifest names the
columns, the column of texts, the number of rows and the chunks in order; its SHA-256 is the corpus's digest, so
equal content has one digest and a digest never changes its content.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import numpy as np
import pyarrow as pa
import rfc8785

from augsvc.batch import text_columns
from augsvc.chunks import SCHEMA, Chunks, Found
from augsvc.errors import InvalidCorpus, InvalidInput, TooLarge, UnknownCorpus
from augsvc.formats import Decoded, OnBad, Reader, TextColumns, read_batches
from augsvc.formats.canonical import canonical, row_bytes
from augsvc.formats.flat import flat_schema
from augsvc.store import DIGEST, NAME, Store
from augsvc.types import Int64s, JsonObject

CHUNK_ROWS = 65_536
"""Rows of every chunk but the last; a power of two."""

SEGMENT_BYTES = 16 << 20
"""About the most that one record batch of a chunk holds, so that memory is bounded however long the rows are."""

_GROWING = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)
"""Within a chunk a dictionary may gain values at its end."""


@dataclass(frozen=True, kw_only=True)
class CorpusInfo:
    """What a corpus is; `name` is what it was asked by, a digest included."""

    name: str
    digest: str
    rows: int
    columns: tuple[tuple[str, str], ...]
    text_columns: tuple[str, ...]

    def document(self) -> JsonObject:
        """The JSON that describes the corpus."""
        return {
            "name": self.name,
            "digest": self.digest,
            "rows": self.rows,
            "columns": [{"name": name, "type": kind} for name, kind in self.columns],
            "text_column": one_or_all(self.text_columns),
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
        text_column: TextColumns = None,
        on_bad: OnBad = "fail",
        codec: str | None = None,
        max_bytes: int | None = None,
    ) -> Registered:
        """Make a file a corpus and let `name` stand for it; all or nothing, whatever fails in between.

        Arguments and errors are those of `formats.read_batches`; `codec` is what the file is compressed with. Raises
        InvalidInput for a name that is none, InvalidCorpus for a file without rows, TooLarge where more than
        `max_bytes` come out of its compression or its encodings. Errors of `stream` and of the disk pass through.
        """
        if not NAME.fullmatch(name) or DIGEST.fullmatch(name):
            raise InvalidInput(
                "A corpus's name has 1 to 128 letters, digits, '.', '_' and '-', begins with a letter or digit, "
                "and is no digest."
            )
        with self._store.folder() as folder:
            file = stream if codec is None else cast(BinaryIO, Decoded(stream, codec, max_bytes))
            reader = read_batches(file, media_type, text_column=text_column, on_bad=on_bad, scratch=folder)
            digest, manifest = self._stored(folder, reader, max_bytes)
            # Content first: a crash in between leaves content without a name, never a name without content.
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

    def _stored(self, folder: Path, reader: Reader, max_bytes: int | None) -> tuple[str, JsonObject]:
        """The digest and manifest of the reader's rows, all written before the first chunk becomes an object."""
        paths, rows = _write_chunks(folder, reader, max_bytes)
        if not rows:
            raise InvalidCorpus("The file has no rows to keep: send some.", faults=reader.faults)
        with self._store.publishing(folder, paths) as chunks:
            manifest: JsonObject = {
                "version": 1,
                "columns": [{"name": field.name, "type": str(field.type)} for field in reader.schema],
                "text_column": one_or_all(reader.text_columns),
                "rows": rows,
                "chunk_rows": CHUNK_ROWS,
                "chunks": chunks,
            }
            digest = hashlib.sha256(rfc8785.dumps(manifest)).hexdigest()
            self._store.put_document("manifests", digest, manifest)
        return digest, manifest

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
        self.text_columns = text_columns(manifest["text_column"])
        chunks: list[str] = manifest["chunks"]
        self._chunks = Chunks(
            len(chunks), lambda number: store.object_path(chunks[number]), manifest["chunk_rows"], self.text_columns[0]
        )

    @property
    def schema(self) -> pa.Schema:
        """The columns, as they were uploaded."""
        return self._chunks.schema

    def find(self, rows: Int64s) -> Found:
        """The given rows, in that order, repeats included, before they are read; raises IndexError."""
        if rows.size and (rows.min() < 0 or rows.max() >= self.rows):
            raise IndexError(f"rows must be in [0, {self.rows})")
        return self._chunks.find(rows)

    def take(self, rows: Int64s) -> pa.Table:
        """The given rows, each column in one piece; raises as `find` does."""
        return self.find(rows).table()


def _write_chunks(folder: Path, reader: Reader, max_bytes: int | None) -> tuple[list[Path], int]:
    """Write all rows as chunk files in a folder; returns the files, in order, and how many rows they have."""
    schema = _stored_schema(reader.schema)
    paths, rows, size = [], 0, 0
    for chunk, segments in groupby(_segments(reader, schema), key=lambda segment: segment.chunk):
        paths.append(folder / f"chunk{chunk}")
        with pa.OSFile(str(paths[-1]), "wb") as sink, pa.ipc.new_file(sink, schema, options=_GROWING) as writer:
            for segment in segments:
                writer.write_batch(segment.batch)
                rows, size = rows + segment.batch.num_rows, size + segment.bytes
                if max_bytes is not None and size > max_bytes:
                    raise TooLarge(f"The rows of the file take more than {max_bytes} bytes.", limit=max_bytes)
    return paths, rows


def _stored_schema(schema: pa.Schema) -> pa.Schema:
    """The schema of the chunks; where it is another, it holds the schema of the corpus."""
    stored = flat_schema(schema)
    return stored if stored == schema else stored.with_metadata({SCHEMA: schema.serialize().to_pybytes()})


class _Segment(NamedTuple):
    chunk: int
    batch: pa.RecordBatch
    bytes: int


def _segments(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[_Segment]:
    """The same rows cut at every chunk's end, and before that after the row with which they reach `SEGMENT_BYTES`.

    So neither depends on how the rows came in batches, but on the rows alone.
    """
    pending: list[pa.RecordBatch] = []
    chunk, room, size = 0, CHUNK_ROWS, 0
    for given in batches:
        batch = given if given.schema == schema else given.cast(schema)
        ends = np.cumsum(sum((row_bytes(column) for column in batch.columns), np.zeros(batch.num_rows, np.int64)))
        start, before = 0, 0
        while start < batch.num_rows:
            full = int(np.searchsorted(ends, before + SEGMENT_BYTES - size)) + 1
            stop = min(full, start + room, batch.num_rows)
            pending.append(batch.slice(start, stop - start))
            room, size = room - (stop - start), size + int(ends[stop - 1]) - before
            start, before = stop, int(ends[stop - 1])
            if not room or size >= SEGMENT_BYTES:
                yield _Segment(chunk, _joined(pending, schema), size)
                size = 0
            if not room:
                chunk, room = chunk + 1, CHUNK_ROWS
    if pending:
        yield _Segment(chunk, _joined(pending, schema), size)


def _joined(pending: list[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    """One canonical batch of all, which are let go of on the way: large ones are in memory twice at the most."""
    table = pa.Table.from_batches(pending, schema=schema)
    pending.clear()
    columns = []
    for name in schema.names:
        columns.append(canonical(_whole(table.column(name))))
        table = table.drop_columns(name)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _whole(column: pa.ChunkedArray[Any]) -> pa.Array[Any]:
    whole: Any = column.combine_chunks()
    return whole if isinstance(whole, pa.Array) else whole.chunk(0)


def _info(name: str, digest: str, manifest: JsonObject) -> CorpusInfo:
    columns = tuple((column["name"], column["type"]) for column in manifest["columns"])
    return CorpusInfo(
        name=name,
        digest=digest,
        rows=manifest["rows"],
        columns=columns,
        text_columns=text_columns(manifest["text_column"]),
    )


def one_or_all(columns: Sequence[str]) -> str | list[str]:
    """The columns of texts as documents tell them: a name, or a list of several."""
    return columns[0] if len(columns) == 1 else [*columns]


def _unknown(name: str) -> UnknownCorpus:
    return UnknownCorpus(f"No corpus has the name or digest {name[:200]!r}: upload it, or list the corpora.")
