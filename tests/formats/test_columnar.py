"""Parquet and Arrow: any columns come back as they were, whatever the bytes a corpus comes of it or a refusal."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from augsvc.errors import InvalidCorpus
from augsvc.formats import RESERVED, Reader, columnar, read_batches
from tests.formats.tables import ARROW, PARQUET, file_of, parquet_of, stream_of, tables

FILES = {"stream": (ARROW, stream_of), "file": (ARROW, file_of), "parquet": (PARQUET, parquet_of)}
each_format = pytest.mark.parametrize(("media_type", "write"), FILES.values(), ids=FILES)


def read(content: bytes, media_type: str, **options: Any) -> tuple[pa.Table, Reader]:
    reader = read_batches(io.BytesIO(content), media_type, **options)
    return pa.Table.from_batches(list(reader), schema=reader.schema), reader


@each_format
@given(table=tables())
def test_a_table_of_any_types_comes_back_as_it_was(table: pa.Table, media_type: str, write: Any) -> None:
    got, reader = read(write(table), media_type)
    assert got.schema == table.schema
    assert got.equals(table)
    assert (reader.text_column, reader.skipped) == ("text", 0)


@given(table=tables(), rows=st.integers(1, 5), piece=st.integers(1, 300))
def test_batches_and_row_groups_of_any_size_are_one_table(table: pa.Table, rows: int, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columnar, "PIECE_BYTES", piece)
        assert read(stream_of(table, rows), ARROW)[0].equals(table)
        assert read(parquet_of(table, rows), PARQUET)[0].equals(table)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
@each_format
def test_rows_without_a_text_or_of_invalid_utf8_are_bad_by_their_number(
    kind: pa.DataType, media_type: str, write: Any
) -> None:
    texts: Any = pa.array([b"a", None, b"\xff", b"longer than twelve bytes", b"\xed\xa0\x80"], pa.binary())
    others: Any = pa.array([[b"x"], [b"y"], [b"z"], [b"\xfe"], []], pa.list_(pa.binary()))
    table = pa.table({"text": texts.cast(pa.binary_view()) if kind == pa.string_view() else texts})
    views = {pa.string(): texts.view, pa.large_string(): texts.cast(pa.large_binary()).view}
    column = views[kind](kind) if kind in views else table["text"].chunk(0).view(kind)
    content = write(pa.table({"text": column, "o": others.view(pa.list_(pa.string())), "n": range(5)}))
    got, reader = read(content, media_type, on_bad="skip")
    assert got.select(["text", "n"]).to_pylist() == [{"text": "a", "n": 0}]
    assert [fault.pointer for fault in reader.faults] == ["row 1", "row 2", "row 3", "row 4"]
    assert ["null" in fault.detail for fault in reader.faults] == [True, False, False, False]
    with pytest.raises(InvalidCorpus, match="row 1: the text in 'text' is null"):
        read(content, media_type)


@each_format
def test_a_text_column_may_be_of_any_strings_and_is_found_as_anywhere(media_type: str, write: Any) -> None:
    large = pa.table({"n": [1], "body": pa.array(["a"], pa.large_string())})
    assert read(write(large), media_type)[0].schema.field("body").type == pa.large_string()
    views = pa.table({"text": pa.array(["a", "b"], pa.string_view()), "n": [1, 2]})
    got, _ = read(write(views), media_type)
    assert got.to_pylist() == [{"text": "a", "n": 1}, {"text": "b", "n": 2}]
    assert got.schema == views.schema
    for columns, named in (({"a": ["x"], "b": ["y"]}, "a, b"), ({"text": [1]}, "of int64"), ({"n": [1]}, "no column")):
        with pytest.raises(InvalidCorpus, match=named):
            read(write(pa.table(columns)), media_type)


@each_format
@pytest.mark.parametrize("name", [*sorted(RESERVED), "text"])
def test_names_that_answers_use_or_that_appear_twice_are_refused(name: str, media_type: str, write: Any) -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array([1])], names=["text", name])
    with pytest.raises(InvalidCorpus, match=name):
        read(write(table), media_type)


def test_types_that_no_corpus_holds_are_named() -> None:
    runs = pa.RunEndEncodedArray.from_arrays([2], ["a"])
    for column in (runs, pa.StructArray.from_arrays([runs], ["x"])):
        with pytest.raises(InvalidCorpus, match="run_end_encoded"):
            read(stream_of(pa.table({"text": ["a", "b"], "runs": column})), ARROW)
    union = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([b"a", b"b"]), pa.array([1, 2])])
    with pytest.raises(InvalidCorpus, match="union"):
        read(stream_of(pa.table({"text": ["a", "b"], "union": union})), ARROW)


def test_dictionaries_of_batches_and_row_groups_become_one_that_only_grows() -> None:
    parts = [pa.array(values).dictionary_encode() for values in (["a", "b"], ["c", "b"], ["a"])]
    table = pa.table({"text": list("vwxyz"), "d": pa.chunked_array(parts)})
    for content, media_type in ((stream_of(table), ARROW), (parquet_of(table, 2), PARQUET)):
        reader = read_batches(io.BytesIO(content), media_type)
        chunks: list[Any] = [batch.column("d") for batch in reader]
        assert [chunk.to_pylist() for chunk in chunks] == [["a", "b"], ["c", "b"], ["a"]]
        dictionaries = [chunk.dictionary.to_pylist() for chunk in chunks]
        assert dictionaries[0] == ["a", "b"]
        assert dictionaries[1] == dictionaries[2] == ["a", "b", "c"]


def test_what_a_schema_says_beyond_names_and_types_is_left_away_but_for_unknown_extensions() -> None:
    field = pa.field("e", pa.int32(), metadata={"ARROW:extension:name": "own.kind", "ARROW:extension:metadata": "x"})
    schema = pa.schema([pa.field("text", pa.string()), field], metadata={"pandas": "{}"})
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array([1], pa.int32())], schema=schema)
    for content, media_type in ((stream_of(table), ARROW), (parquet_of(table), PARQUET)):
        got = read(content, media_type)[0].schema
        assert got.metadata is None
        assert got.field("e").metadata[b"ARROW:extension:name"] == b"own.kind"


TABLE = pa.table({"text": ["a longer text", "b"] * 500, "l": [[1, 2], None] * 500})


@pytest.mark.parametrize("cut", [0, 1, 7, 8, 300, -9, -8, -4, -1])
@each_format
def test_a_file_cut_off_anywhere_is_refused(cut: int, media_type: str, write: Any) -> None:
    content = write(TABLE)
    with pytest.raises(InvalidCorpus):
        read(content[:cut], media_type)


def test_a_stream_that_lacks_its_end_or_goes_on_after_it_is_refused() -> None:
    content = stream_of(TABLE)
    with pytest.raises(InvalidCorpus, match="no end mark"):
        read(content[:-8], ARROW)
    with pytest.raises(InvalidCorpus, match="bytes follow"):
        read(content + content, ARROW)


@each_format
@given(places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=4))
def test_a_damaged_file_is_a_sound_table_or_refused(
    places: list[tuple[float, int]], media_type: str, write: Any
) -> None:
    content = bytearray(write(TABLE.slice(0, 40)))
    for place, change in places:
        content[int(place * len(content))] ^= change
    try:
        got, _ = read(bytes(content), media_type, on_bad="skip")
    except InvalidCorpus:
        return
    got.validate(full=True)
    assert got[read_batches(io.BytesIO(content), media_type, on_bad="skip").text_column].null_count == 0


def test_offsets_that_lead_out_of_a_buffer_are_damage() -> None:
    offsets = pa.py_buffer(np.array([0, 2**30, 8], np.int32))
    column = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"abcdefgh")])
    with pytest.raises(InvalidCorpus, match="damaged"):
        read(stream_of(pa.table({"text": column})), ARROW, on_bad="skip")


@each_format
def test_a_table_without_rows_is_read_as_one(media_type: str, write: Any) -> None:
    got, reader = read(write(TABLE.slice(0, 0)), media_type)
    assert (got.num_rows, reader.text_column) == (0, "text")


@each_format
def test_a_huge_row_among_small_ones_is_read(media_type: str, write: Any) -> None:
    table = pa.table({"text": ["a", "x" * 20_000_000, "b"]})
    assert read(write(table), media_type)[0].equals(table)


@pytest.mark.parametrize("compression", ["zstd", "lz4"])
def test_compressed_batches_are_read(compression: str) -> None:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, TABLE.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(TABLE)
    assert read(sink.getvalue(), ARROW)[0].equals(TABLE)


READ = """
import sys
from augsvc.formats import PARQUET, read_batches

with open(sys.argv[1], "rb") as stream:
    assert sum(batch.num_rows for batch in read_batches(stream, PARQUET)) == 72
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks are read from /proc")
def test_a_page_of_giant_rows_that_is_not_compressed_is_never_held_whole(tmp_path: Path) -> None:
    texts = pa.array([f"{number:4}" * (1 << 20) for number in range(6)])
    table = pa.table({"text": pa.concat_arrays([texts] * 12)})
    parquet.write_table(table, tmp_path / "giants", compression="none", use_dictionary=False)
    outcome = subprocess.run([sys.executable, "-c", READ, tmp_path / "giants"], capture_output=True, check=True)
    assert int(outcome.stdout) < 450 << 10  # of 288 MiB, which a buffer would hold twice
