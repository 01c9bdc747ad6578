"""NDJSON: types of JSON, columns of any shape, one bad line is one bad row."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import InvalidCorpus
from augsvc.formats import NDJSON, RESERVED, Reader, read_batches

GOOD = b'{"text": "good"}'


def read(content: bytes, **options: Any) -> tuple[pa.Table, Reader]:
    reader = read_batches(io.BytesIO(content), NDJSON, **options)
    return pa.Table.from_batches(list(reader), schema=reader.schema), reader


def lines(*rows: Any) -> bytes:
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
optional_columns = {
    "i": st.none() | st.integers(-(2**63), 2**63 - 1),
    "f": st.floats(allow_nan=False, allow_infinity=False),
    "b": st.booleans() | st.none(),
    "s": texts | st.none(),
    "l": st.lists(st.integers(0, 9) | st.none(), max_size=3),
    "d": st.fixed_dictionaries({"x": texts, "y": st.lists(st.fixed_dictionaries({"z": st.booleans()}), max_size=2)}),
}


@given(st.lists(st.fixed_dictionaries({"text": texts}, optional=optional_columns), min_size=1, max_size=8))
def test_rows_come_back_as_they_were_and_what_they_lack_is_null(rows: list[dict[str, Any]]) -> None:
    table, reader = read(lines(*rows))
    names = dict.fromkeys(name for row in rows for name in row)
    assert table.column_names == list(names)
    assert table.to_pylist() == [{name: row.get(name) for name in names} for row in rows]
    assert (reader.text_column, reader.skipped) == ("text", 0)


def test_strings_stay_strings_whatever_they_look_like() -> None:
    row = {"text": "2020-01-01", "t": "2020-01-01T00:00:00Z", "n": "1", "b": "true", "e": "", "z": "null"}
    table, _ = read(lines(row))
    assert set(table.schema.types) == {pa.string()}
    assert table.to_pylist() == [row]


def test_types_widen_over_the_whole_file_inside_lists_and_objects_too() -> None:
    rows = [{"text": "t", "n": None, "l": [], "o": {"a": 1}}] * 40_000
    last = {"text": "t", "n": 0.5, "l": [[1], [0.5]], "o": {"a": 0.5, "b": "x"}}
    table, _ = read(lines(*rows, {"text": "t", "n": 7}, last))
    schema = {field.name: str(field.type).replace("item: ", "").replace("element: ", "") for field in table.schema}
    assert schema == {"text": "string", "n": "double", "l": "list<list<double>>", "o": "struct<a: double, b: string>"}
    assert table.num_rows == 40_002
    assert table.slice(40_000).to_pylist() == [{"text": "t", "n": 7.0, "l": None, "o": None}, last]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"nope", "no JSON"),
        (b'{"text": "a"', "no JSON"),
        (b'{"text": "a"} {"text": "b"}', "no JSON"),
        (b'["text"]', "no JSON object"),
        (b"null", "no JSON object"),
        (b'{"text": "a\tb"}', "no JSON"),
        (b'{"text": null}', "missing or no string"),
        (b'{"text": 5}', "missing or no string"),
        (b'{"label": 2}', "missing or null"),
        (b"{}", "missing or null"),
        (b'{"text": "a", "text": "b"}', "appears twice"),
        (b'{"text": "a", "o": [{"x": 1, "x": 1}]}', "appears twice"),
        (b'{"text": "\xff"}', "invalid UTF-8"),
        (b'{"text": "\xed\xa0\x80"}', "invalid UTF-8"),
        (b'{"text": "\\ud800"}', "lone surrogate"),
        (b'{"text": "a", "\\udc00": 1}', "lone surrogate"),
        (b'{"text": "a", "n": 9223372036854775808}', "beyond 64 bits"),
        (b'{"text": "a", "n": -9223372036854775809}', "beyond 64 bits"),
        (b'{"text": "a", "n": ' + b"9" * 5000 + b"}", "digits"),
        (b'{"text": "a", "n": NaN}', "NaN"),
        (b'{"text": "a", "n": -Infinity}', "Infinity"),
        (b'{"text": "a", "n": 1e400}', "1e400 is beyond"),
        (b'{"text": "a", "mixed": [1, "x"]}', "convert"),
        (b'{"text": "a", "label": "x"}', "label has incompatible types: int64 vs string"),
        (b'{"text": "a", "label": true}', "label has incompatible types: int64 vs bool"),
        (b'{"text": "a", "n": ' + b"[" * 100 + b"]" * 100 + b"}", "depth"),
        (b'{"text": "a", "n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too deep"),
    ],
)
def test_one_bad_line_is_one_bad_row_told_by_its_number(line: bytes, reason: str) -> None:
    content = lines({"text": "good", "label": 1}, b"", b" \r", line, GOOD)
    table, reader = read(content, on_bad="skip")
    assert table.to_pylist() == [{"text": "good", "label": 1}, {"text": "good", "label": None}]
    assert reader.skipped == 1
    assert reader.faults[0].pointer == "line 4"
    assert reason in reader.faults[0].detail
    with pytest.raises(InvalidCorpus, match="line 4") as caught:
        read(content)
    assert caught.value.faults == reader.faults


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_skipping_leaves_exactly_the_good_rows_in_order(good: list[bool]) -> None:
    rows = [{"text": str(n), "label": n if is_good else "bad"} for n, is_good in enumerate(good)]
    table, reader = read(lines({"text": "first", "label": -1}, *rows), on_bad="skip")
    assert table["text"].to_pylist() == ["first"] + [str(n) for n, is_good in enumerate(good) if is_good]
    assert reader.skipped == good.count(False)


def test_fractions_beside_integers_that_float64_cannot_hold_are_refused() -> None:
    with pytest.raises(InvalidCorpus, match="beyond 2\\^53"):
        read(lines({"text": "a", "n": 0.5}, {"text": "b", "n": 2**53 + 1}))


@pytest.mark.parametrize(
    ("rows", "asked", "chosen"),
    [
        ([{"a": "x", "text": "t"}], None, "text"),
        ([{"a": "x", "text": "t"}], "a", "a"),
        ([{"n": 1}, {"sentence": "x", "n": 2}], None, "sentence"),
    ],
)
def test_the_text_column_is_the_one_asked_for_or_text_or_the_only_strings(
    rows: list[dict[str, Any]], asked: str | None, chosen: str
) -> None:
    table, reader = read(lines(*rows), text_column=asked, on_bad="skip")
    assert reader.text_column == chosen
    assert table[chosen].null_count == 0


@pytest.mark.parametrize(
    ("rows", "asked", "named"),
    [
        ([{"a": "x", "b": "y"}], None, "a, b"),
        ([{"a": 1}], None, "no column holds strings"),
        ([{"text": "x"}], "nope", "nope"),
        ([{"text": "x", "n": 1}], "n", "n"),
    ],
)
def test_no_text_column_is_an_error_that_names_the_candidates(
    rows: list[dict[str, Any]], asked: str | None, named: str
) -> None:
    with pytest.raises(InvalidCorpus, match=named):
        read(lines(*rows), text_column=asked)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_names_that_answers_use_are_refused_and_other_underscores_are_not(name: str) -> None:
    with pytest.raises(InvalidCorpus, match=name):
        read(lines({"text": "a", name: 1}))
    assert read(lines({"text": "a", "_mine": 1}))[0].column_names == ["text", "_mine"]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_file_without_rows_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidCorpus, match="no rows"):
        read(content)


def test_nothing_stays_behind_in_the_scratch_folder(tmp_path: Path) -> None:
    reader = read_batches(io.BytesIO(GOOD), NDJSON, scratch=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert sum(batch.num_rows for batch in reader) == 1


GROWTH = """
import io, json, resource
from augsvc.formats import NDJSON, read_batches

class Lines(io.RawIOBase):
    def __init__(self, rows):
        self.row, self.rows = 0, rows
    def read(self, size):
        start, self.row = self.row, min(self.row + 1000, self.rows)
        return b"".join(b'{"text": "%s", "n": %d}\\n' % (b"word " * 80, n) for n in range(start, self.row))

def peak(rows):
    assert sum(batch.num_rows for batch in read_batches(Lines(rows), NDJSON)) == rows
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

print(peak(20_000), peak(200_000))
"""


def test_ten_times_the_rows_take_no_more_memory() -> None:
    answer = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True)
    short, long = (int(number) * (1 if sys.platform == "darwin" else 1024) for number in answer.stdout.split())
    assert long - short < 20 << 20  # of a file 74 MB longer


@given(
    st.lists(st.binary(max_size=12) | st.sampled_from([GOOD, b"{}", b'{"text": ["a"]}', b'{"l": [1, {}]}']), max_size=9)
)
def test_whatever_the_bytes_rows_are_sound_or_the_file_is_refused(parts: list[bytes]) -> None:
    try:
        table, reader = read(b"\n".join([GOOD, *parts]), on_bad="skip")
    except InvalidCorpus as error:
        assert error.faults or "column" in str(error)  # noqa: PT017 a refusal is one of two right outcomes
        return
    table.validate(full=True)
    assert table["text"].null_count == 0
    assert table.num_rows + reader.skipped <= len(b"\n".join([GOOD, *parts]).split(b"\n"))


@pytest.mark.parametrize("on_bad", ["fail", "skip"])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"text_column": "review"}, "No column of texts is named review"),
        ({"text_column": "text"}, "The column text is no column of texts but of int64"),
        ({}, "The column text is no column of texts but of int64"),
    ],
)
def test_a_wrong_text_column_is_told_those_that_there_are(on_bad: Any, options: Any, told: str) -> None:
    content = lines(*({"body": "good", "text": n, "title": "fine"} for n in range(40)))
    with pytest.raises(InvalidCorpus, match=f"{told}: the columns of strings are body, title;") as caught:
        read(content, on_bad=on_bad, **options)
    assert caught.value.extra["candidates"] == ["body", "title"]
    assert [fault.pointer for fault in caught.value.faults] == ["text_column"]


@pytest.mark.parametrize("row", [{"text": None}, {"text": 1}, {}])
def test_a_text_column_that_some_rows_lack_is_the_right_one(row: dict[str, Any]) -> None:
    with pytest.raises(InvalidCorpus, match="the first on line 2: the text in 'text' is missing"):
        read(lines({"text": "good"}, *[row] * 30), text_column="text")
    with pytest.raises(InvalidCorpus, match="the first on line 1: the text in 'text' is missing"):
        read(lines({"text": None}, {"text": "good"}), text_column="text")
