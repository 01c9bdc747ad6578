"""Corpora of any format: the same rows are one corpus, their columns keep names and types to the last page."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augsvc import corpus as room
from augsvc.corpus import Corpora
from augsvc.errors import InvalidCorpus, TooLarge
from augsvc.lexicon import Lexicon
from augsvc.order import Lane
from augsvc.store import Store
from augsvc.views import Workspace
from tests.formats.tables import ARROW, CSV, PARQUET, csv_of, file_of, parquet_of, stream_of, tables

NDJSON = "application/x-ndjson"


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Corpora:
    return Corpora(Store(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("data"), Lexicon.open())


def put(corpora: Corpora, content: bytes, media_type: str, name: str = "a", **options: Any) -> Any:
    return corpora.put(name, io.BytesIO(content), media_type, **options)


@settings(max_examples=30)  # each syncs some twenty files
@given(table=tables(), rows=st.integers(1, 5), segment=st.integers(1, 400), chunk=st.sampled_from([1, 2, 4, 65_536]))
def test_however_a_table_was_cut_it_is_one_corpus_and_comes_back(
    corpora: Corpora, table: pa.Table, rows: int, segment: int, chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "CHUNK_ROWS", chunk)
        patch.setattr(room, "SEGMENT_BYTES", segment)
        contents = [(stream_of(table), ARROW), (stream_of(table, rows), ARROW), (file_of(table), ARROW)]
        contents += [(parquet_of(table), PARQUET), (parquet_of(table, rows, compression="zstd"), PARQUET)]
        found = [put(corpora, content, media_type) for content, media_type in contents]
    assert len({info.digest for info in found[:3]}) == 1
    if "dictionary" not in str(table.schema):  # Parquet keeps the values of a dictionary, not their order
        assert len({info.digest for info in found}) == 1
    for info in found:
        corpus = corpora.open(info.digest)
        backwards = np.arange(table.num_rows)[::-1]
        assert corpus.schema == table.schema
        got = corpus.take(np.concatenate([backwards, backwards]))
        got.validate(full=True)
        assert got.schema == table.schema
        assert got.to_pylist() == table.to_pylist()[::-1] * 2


def test_the_same_rows_are_one_corpus_in_every_format(corpora: Corpora) -> None:
    rows = [{"text": "é" * n, "n": n if n % 3 else None, "f": n / 2, "s": f"{n}, x"} for n in range(100)]
    table = pa.Table.from_pylist(rows)
    ndjson = b"\n".join(json.dumps(row).encode() for row in rows)
    contents = [(ndjson, NDJSON), (csv_of(table), CSV), (parquet_of(table), PARQUET), (stream_of(table), ARROW)]
    assert len({put(corpora, content, media_type).digest for content, media_type in contents}) == 1


@settings(max_examples=30)
@given(table=tables())
def test_a_page_has_the_corpus_columns_as_they_are(workspace: Workspace, table: pa.Table) -> None:
    put(workspace.corpora, stream_of(table), ARROW)
    view, _ = workspace.create_view({"corpus": "a", "seed": 1, "copies": 2})
    page = workspace.source(view.view_id).page(0, 0, 100, Lane()).table
    assert page.num_rows == 2 * table.num_rows
    for name in table.column_names:
        assert page.schema.field(name).type == table.schema.field(name).type
        if name != "text":
            expected = table[name].to_pylist()
            assert page[name].to_pylist() == [expected[row] for row in page["_row"].to_pylist()]


@pytest.mark.parametrize("original", [False, "rows", "column"])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_texts_of_any_strings_are_augmented_to_their_own_type(
    workspace: Workspace, kind: pa.DataType, original: Any
) -> None:
    text = "The big dog ran home."
    table = pa.table({"text": pa.array([text] * 5, kind)})
    put(workspace.corpora, parquet_of(table), PARQUET)
    pipeline = {"ops": [{"type": "synonym", "rate": 1}]}
    view, _ = workspace.create_view({"corpus": "a", "pipeline": pipeline, "include_original": original})
    source = workspace.source(view.view_id)
    page = source.page(0, 0, 100, Lane()).table
    assert page.schema == source.schema
    assert page.schema.field("text").type == kind
    copies, texts = page["_copy"].to_pylist(), page["text"].to_pylist()
    assert sorted(copies) == [-1] * 5 * (original == "rows") + [0] * 5
    assert all((found == text) == (copy == -1) for copy, found in zip(copies, texts, strict=True))
    if original == "column":
        assert (page["_original"].type, set(page["_original"].to_pylist())) == (kind, {text})


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(b"text,n\n", CSV), (b"text\n\xff\n", CSV), (stream_of(pa.table({"text": pa.array([None], pa.string())})), ARROW)],
)
def test_a_file_without_sound_rows_is_no_corpus(corpora: Corpora, content: bytes, media_type: str) -> None:
    with pytest.raises(InvalidCorpus, match="no rows"):
        put(corpora, content, media_type, name="none", on_bad="skip")


def test_a_file_that_is_small_only_by_its_encoding_is_bounded(tmp_path: Path) -> None:
    table = pa.table({"text": ["the same long text " * 1_000] * 3_000})
    content = parquet_of(table)
    corpora = Corpora(Store(tmp_path))
    assert len(content) < 100_000
    with pytest.raises(TooLarge, match="10000000 bytes"):
        put(corpora, content, PARQUET, max_bytes=10_000_000)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert put(corpora, content, PARQUET, max_bytes=100_000_000).rows == 3_000
