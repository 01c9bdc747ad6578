"""CSV: types inferred over the whole file and no further, one bad line is one bad row."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import InvalidCorpus
from augsvc.formats import RESERVED, Reader, read_batches, records
from tests.formats.tables import CSV, TYPES, csv_of, tables

PLAIN = [(kind, values) for kind, values in TYPES if kind in (pa.int64(), pa.bool_(), pa.float64())]


def read(content: bytes, **options: Any) -> tuple[pa.Table, Reader]:
    reader = read_batches(io.BytesIO(content), CSV, **options)
    return pa.Table.from_batches(list(reader), schema=reader.schema), reader


def column(*values: str) -> tuple[pa.DataType, list[Any]]:
    """What a column of fields beside a text becomes."""
    table, _ = read("\n".join(["text,c", *(f"t,{value}" for value in values), ""]).encode())
    return table.schema.field("c").type, table["c"].to_pylist()


@given(table=tables(PLAIN))
def test_a_table_of_numbers_bools_and_texts_comes_back_as_it_was(table: pa.Table) -> None:
    got, reader = read(csv_of(table))
    for name in table.column_names:
        empty = table[name].null_count == table.num_rows
        written: Any = table[name]
        # Arrow writes a float without a fraction as an integer.
        whole = pa.types.is_floating(written.type) and got[name].type != pa.float64()
        expected = [""] * table.num_rows if empty else written.to_pylist()
        assert whole or got[name].to_pylist() == expected
    assert (reader.text_column, reader.skipped) == ("text", 0)


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.text('",\r\n a\x00', max_size=8)


@given(rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=8), ending=st.sampled_from(["\n", "\r\n"]))
def test_what_pythons_writer_writes_is_read_whatever_it_holds(rows: list[tuple[str, str]], ending: str) -> None:
    sink = io.StringIO(newline="")
    csv.writer(sink, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows([("text", "other"), *rows])
    got, reader = read(b"\xef\xbb\xbf" + sink.getvalue().encode(), on_bad="skip")
    assert got["text"].to_pylist() == [text for text, _ in rows]
    if got.schema.field("other").type == pa.string():
        assert got["other"].to_pylist() == [other for _, other in rows]
    assert reader.skipped == 0


@given(content=st.lists(st.sampled_from(['"', ",", "\n", "\r\n", "\r", "a", "bc", '""', "\xe9"]), max_size=30))
def test_what_is_well_formed_is_read_as_pythons_reader_reads_it(content: list[str]) -> None:
    body = "".join(content)
    got, reader = read(f'text,n\n"first",1\n{body}'.encode(), on_bad="skip")
    try:
        parsed = list(csv.reader(io.StringIO(body, newline=""), strict=True))
    except csv.Error:
        return
    if reader.skipped == 0:
        assert [list(row.values()) for row in got.cast(pa.schema([("text", "string"), ("n", "string")])).to_pylist()][
            1:
        ] == [[a, b or None] if got.schema.field("n").type != pa.string() else [a, b] for a, b in filter(None, parsed)]


@given(content=st.binary(max_size=60), size=st.integers(1, 40))
def test_blocks_of_any_size_give_the_same_rows_and_the_same_faults(content: bytes, size: int) -> None:
    content = b"text,n\nfirst,1\n" + content.replace(b"\xff", b'"').replace(b"\x01", b"\n").replace(b"\x02", b",")
    whole, reader = read(content, on_bad="skip")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK_BYTES", size)
        parts, again = read(content, on_bad="skip")
    assert parts.equals(whole)
    assert (again.skipped, again.faults) == (reader.skipped, reader.faults)
    whole.validate(full=True)


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (["1", "", "-20"], pa.int64(), [1, None, -20]),
        (["1", " 2 ", "0.5", ""], pa.float64(), [1.0, 2.0, 0.5, None]),
        (["1e3", ".5", "2.", "-inf"], pa.float64(), [1000.0, 0.5, 2.0, float("-inf")]),
        (["True", "false", ""], pa.bool_(), [True, False, None]),
        (["", ""], pa.string(), ["", ""]),
        (["1", "x", ""], pa.string(), ["1", "x", ""]),
        (["true", "1"], pa.string(), ["true", "1"]),
        (["007", "1"], pa.string(), ["007", "1"]),
        (["+1"], pa.string(), ["+1"]),
        (["1_000"], pa.string(), ["1_000"]),
        (["0x10"], pa.string(), ["0x10"]),
        (["2020-01-01"], pa.string(), ["2020-01-01"]),
        (["12:30"], pa.string(), ["12:30"]),
        (["NA", "1"], pa.string(), ["NA", "1"]),
        (["9223372036854775807", "-9223372036854775808"], pa.int64(), [2**63 - 1, -(2**63)]),
        (["9223372036854775808"], pa.string(), ["9223372036854775808"]),
        (["9007199254740993", "0.5"], pa.string(), ["9007199254740993", "0.5"]),
        (["9007199254740992", "0.5"], pa.float64(), [2.0**53, 0.5]),
        (["1e400"], pa.string(), ["1e400"]),
    ],
)
def test_a_column_is_what_all_of_its_values_are(values: list[str], kind: pa.DataType, expected: list[Any]) -> None:
    assert column(*values) == (kind, expected)


def test_types_widen_at_the_end_of_a_long_file() -> None:
    kind, values = column(*["1"] * 300_000, "0.5")
    assert (kind, values[-2:]) == (pa.float64(), [1.0, 0.5])
    assert column(*["1"] * 300_000, "x")[0] == pa.string()


def test_texts_are_never_inferred_and_an_empty_one_is_a_row() -> None:
    assert read(b"text,n\n1,1\n,2\n")[0].to_pylist() == [{"text": "1", "n": 1}, {"text": "", "n": 2}]
    assert read(b"a,n\n1,1\n", text_column="a")[0].to_pylist() == [{"a": "1", "n": 1}]
    table, reader = read(b"n,sentence,b\n1,a,true\n")
    assert (reader.text_column, table.schema.types) == ("sentence", [pa.int64(), pa.string(), pa.bool_()])


def test_blank_lines_are_no_rows_and_one_column_needs_no_comma() -> None:
    assert read(b'\n\r\ntext\r\na\r\n\r\n\n""\nb, c\n', on_bad="skip")[0]["text"].to_pylist() == ["a", ""]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a", "1 fields under a header of 2"),
        (b"a,b,c", "3 fields under a header of 2"),
        (b'"a"b,1', "between a quote that closes"),
        (b'a,"b" ', "between a quote that closes"),
        (b"a\rb,1", "carriage return"),
        (b'"a,1', "not closed"),
        (b'a,"', "not closed"),
        (b"\xff,1", "invalid UTF-8"),
        (b"a,\xc3", "invalid UTF-8"),
        (b"\xed\xa0\x80,1", "invalid UTF-8"),
    ],
)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_one_bad_line_is_one_bad_row_told_by_its_number(line: bytes, reason: str, ending: bytes) -> None:
    good = [b"text,n", b'"two', b'lines ""x""",1', b"", b"a,2"]
    after = b"" if b"closed" in reason.encode() and b"between" not in reason.encode() else b'"c",4'
    content = ending.join([*good, line, b"b,3", after])
    table, reader = read(content, on_bad="skip")
    assert table["n"].to_pylist() == ([1, 2, 3, 4] if after else [1, 2, 3])
    assert reader.skipped == 1
    assert reader.faults[0].pointer == "line 6"
    assert reason in reader.faults[0].detail
    with pytest.raises(InvalidCorpus, match="line 6"):
        read(content)


def test_a_quote_that_never_closes_spoils_its_line_alone_whatever_follows() -> None:
    content = b'text,n\n"open,0\n' + b"a line of a long file,1\n" * 200_000
    table, reader = read(content, on_bad="skip")
    assert (table.num_rows, reader.skipped, reader.faults[0].pointer) == (200_000, 1, "line 2")


def test_bad_rows_are_told_in_their_order_wherever_they_stand() -> None:
    rows = [b"%d,%d" % (n, n) if n % 40_000 else b"bad" for n in range(1, 200_001)]
    table, reader = read(b"text,n\n" + b"\n".join(rows), on_bad="skip")
    assert [fault.pointer for fault in reader.faults] == [f"line {n * 40_000 + 1}" for n in range(1, 6)]
    assert (table.num_rows, reader.skipped) == (199_995, 5)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no header"),
        (b"\n\r\n", "no header"),
        (b'"text,n\na,1\n', "no header"),
        (b"te\xffxt,n\na,1\n", "UTF-8"),
        (b"text,text\na,b\n", "text"),
        (b"a,b\nx,y\n", "a, b"),
        (b"a,b\n1,2\n", "no column holds strings"),
    ],
)
def test_a_header_that_is_none_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(InvalidCorpus, match=reason):
        read(content)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_names_that_answers_use_are_refused(name: str) -> None:
    with pytest.raises(InvalidCorpus, match=name):
        read(f"text,{name}\na,1\n".encode())


def test_a_header_alone_is_a_table_without_rows() -> None:
    assert read(b"text,n")[0].num_rows == 0


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_huge_row_is_read_and_an_endless_one_refused(quote: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "x" * 20_000_000
    content = f"text,n\na,1\n{quote}{text}{quote},2\nb,3\n".encode()
    assert read(content)[0]["text"].to_pylist() == ["a", text, "b"]
    monkeypatch.setattr(records, "MAX_LINE_BYTES", 1 << 20)
    with pytest.raises(InvalidCorpus, match="Line 3 is longer than 1 MiB"):
        read(content)


GROWTH = """
import io
from augsvc.formats import read_batches

class Lines(io.RawIOBase):
    def __init__(self, rows):
        self.row, self.rows = 0, rows
    def read(self, size):
        start, self.row = self.row, min(self.row + 1000, self.rows)
        head = b"text,n\\n" if start == 0 else b""
        return head + b"".join(b'"%s",%d\\n' % (b"word " * 80, n) for n in range(start, self.row))

def peak(rows):
    assert sum(batch.num_rows for batch in read_batches(Lines(rows), "text/csv")) == rows
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))

print(peak(20_000), peak(200_000))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks are read from /proc")
def test_ten_times_the_rows_take_no_more_memory() -> None:
    answer = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True)
    short, long = (int(number) * 1024 for number in answer.stdout.split())
    assert long - short < 30 << 20  # of a file 74 MB longer
