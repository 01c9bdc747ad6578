"""The checksum equals its definition and depends on nothing but the rows."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.wire import Checksum

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
rows = st.lists(
    st.fixed_dictionaries({"_position": st.integers(0, 2**63 - 1), "text": texts, "title": texts, "_original": texts}),
    max_size=12,
)
SCHEMA = pa.schema(
    [("text", pa.string()), ("_position", pa.int64()), ("title", pa.string()), ("_original", pa.string())]
)


def twin(rows: list[dict[str, Any]], columns: list[str]) -> str:
    """CONTRACT's sentence, byte for byte, in plain Python."""
    crc = 0
    for row in rows:
        crc = zlib.crc32(struct.pack("<Q", row["_position"]), crc)
        for name in columns:
            text = row[name].encode()
            crc = zlib.crc32(struct.pack("<Q", len(text)) + text, crc)
    return f"{crc:08x}"


def checksum(*tables: pa.Table, columns: list[str]) -> str:
    running = Checksum()
    for table in tables:
        running.update(table, columns)
    return running.hexdigest()


@given(rows, st.sampled_from([["text"], ["title", "text"], []]))
def test_it_equals_its_plain_twin(rows: list[dict[str, Any]], columns: list[str]) -> None:
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    assert checksum(table, columns=columns) == twin(rows, [*columns, "_original"])
    assert checksum(table.drop_columns("_original"), columns=columns) == twin(rows, columns)


@given(rows, st.integers(0, 12), st.integers(0, 12))
def test_it_does_not_depend_on_tables_chunks_and_slices(rows: list[dict[str, Any]], first: int, second: int) -> None:
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    parts = table.slice(0, first), table.slice(first, second), table.slice(first + second)
    whole = checksum(table, columns=["text"])
    assert checksum(*parts, columns=["text"]) == whole
    assert checksum(pa.concat_tables(parts), columns=["text"]) == whole


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view()])
def test_strings_of_other_types_sum_up_like_strings(kind: pa.DataType) -> None:
    table = pa.table({"_position": [0, 1, 2], "text": ["é", "", "longer than twelve bytes"]})
    other = table.cast(pa.schema([("_position", pa.int64()), ("text", kind)]))
    assert checksum(table, columns=["text"]) == checksum(other, columns=["text"])


@pytest.mark.parametrize(
    ("column", "value"), [("_position", [1, 0]), ("text", ["b", "a"]), ("text", ["ab", ""]), ("text", ["", "ab"])]
)
def test_it_tells_moved_rows_and_moved_bytes_apart(column: str, value: list[Any]) -> None:
    table = pa.table({"_position": [0, 1], "text": ["a", "b"]})
    other = table.set_column(table.column_names.index(column), column, [value])
    assert checksum(table, columns=["text"]) != checksum(other, columns=["text"])


def test_no_rows_sum_up_to_nothing() -> None:
    assert Checksum().hexdigest() == "00000000"
