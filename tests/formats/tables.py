"""Tables of any columns that a corpus may hold, and the files that hold them."""

from __future__ import annotations

import datetime as dt
import decimal
import io
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from hypothesis import strategies as st

ARROW, PARQUET, CSV = "application/vnd.apache.arrow.stream", "application/vnd.apache.parquet", "text/csv"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
small = st.integers(-100, 100)
moments = st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2100, 1, 1))  # noqa: DTZ001 zones are types here
decimals = st.decimals(-999, 999, places=2, allow_nan=False)

TYPES: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.int8(), small),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.float32(), st.floats(width=32, allow_nan=False)),
    (pa.float64(), st.floats(allow_nan=False)),
    (pa.float16(), st.floats(width=16, allow_nan=False)),
    (pa.bool_(), st.booleans()),
    (pa.null(), st.none()),
    (pa.large_string(), texts),
    (pa.string_view(), texts),
    (pa.binary(), st.binary(max_size=20)),
    (pa.binary_view(), st.binary(max_size=20)),
    (pa.binary(3), st.binary(min_size=3, max_size=3)),
    (pa.decimal128(7, 2), decimals),
    (pa.decimal256(50, 2), decimals),
    (pa.date32(), st.dates()),
    (pa.timestamp("us", "Europe/Paris"), moments),
    (pa.timestamp("ms"), moments.map(lambda moment: moment.replace(microsecond=0))),
    (pa.time64("us"), st.times()),
    (pa.duration("ms"), small.map(lambda seconds: dt.timedelta(seconds=seconds))),
    (pa.list_(pa.int16()), st.lists(st.none() | small, max_size=3)),
    (pa.large_list(pa.string_view()), st.lists(st.none() | texts, max_size=3)),
    (pa.list_(pa.float32(), 2), st.tuples(*[st.floats(width=32, allow_nan=False)] * 2)),
    (pa.list_view(pa.string()), st.lists(texts, max_size=3)),
    (
        pa.map_(pa.string(), pa.int32()),
        st.dictionaries(texts, st.none() | small, max_size=3).map(lambda d: [*d.items()]),
    ),
    (
        pa.struct([("a", pa.int64()), ("b", pa.list_(pa.struct([("c", pa.string())])))]),
        st.fixed_dictionaries(
            {"a": st.none() | small, "b": st.none() | st.lists(st.fixed_dictionaries({"c": texts}), max_size=2)}
        ),
    ),
    (pa.dictionary(pa.int8(), pa.string()), st.sampled_from(["x", "y", "zz"])),
    (pa.list_(pa.dictionary(pa.int32(), pa.string())), st.lists(st.sampled_from(["x", "y"]), max_size=2)),
    (pa.uuid(), st.binary(min_size=16, max_size=16)),
    (pa.json_(pa.string()), st.sampled_from(["{}", "[1]", "null"])),
]


@st.composite
def tables(draw: st.DrawFn, types: list[tuple[pa.DataType, st.SearchStrategy[Any]]] | None = None) -> pa.Table:
    """A table with a column `text` without nulls and any others, with nulls."""
    rows = draw(st.integers(1, 12))
    kinds = draw(st.lists(st.sampled_from(types or TYPES), max_size=5))
    columns = {"text": pa.array(draw(st.lists(texts, min_size=rows, max_size=rows)), pa.string())}
    for number, (kind, values) in enumerate(kinds):
        drawn = draw(st.lists(st.none() | values, min_size=rows, max_size=rows))
        columns[f"column {number}"] = array(drawn, kind)
    return pa.table(columns)


def array(values: list[Any], kind: Any) -> pa.Array[Any]:
    """An array of a type, dictionaries and extension types included."""
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, pa.array(values, kind.storage_type))
    if pa.types.is_decimal(kind):
        values = [None if value is None else decimal.Decimal(value) for value in values]
    return pa.array(values, kind)


def stream_of(table: pa.Table, rows: int | None = None) -> bytes:
    """An IPC stream, in batches of some rows."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=rows)
    return sink.getvalue()


def file_of(table: pa.Table) -> bytes:
    """An IPC file."""
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def parquet_of(table: pa.Table, rows: int | None = None, **options: Any) -> bytes:
    """A Parquet file, in row groups of some rows."""
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table, sink, row_group_size=rows, **options)
    return sink.getvalue()


def csv_of(table: pa.Table) -> bytes:
    """A CSV file, as Arrow writes it: strings quoted, nulls empty."""
    sink = io.BytesIO()
    pyarrow.csv.write_csv(table, sink)
    return sink.getvalue()
