"""From edits to text, against slices of bytes."""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.batch import TextBatch
from augsvc.kernels.memory import copy_bytes
from augsvc.kernels.splice import REPORT_FIELDS, Splice, splice
from augsvc.types import Bytes, Int32s, Int64s, PackTables, TokenFlag

from . import compiled, twin_splice
from .plain import NOTHING_COMPOSED, Edit, columns_of
from .texts import QUICK, texts
from .twin_match import forms_of

FORMS = 33
CASES = st.sampled_from([0, int(TokenFlag.TITLE), int(TokenFlag.UPPER)])


def spliced(
    batch: TextBatch, source: list[int], rows: list[list[Edit]], tables: PackTables
) -> list[tuple[bytes, list[int]]]:
    """Return each output row's text, and where in it the replacements begin."""
    edit_rows = np.array([0, *accumulate(map(len, rows))])
    columns = columns_of([edit for row in rows for edit in row])
    work = Splice(batch.data, batch.offsets, np.array(source, np.int64), columns, edit_rows, NOTHING_COMPOSED)
    forms = forms_of(tables)
    grown = [sum(len(twin_splice.written(e, forms)) - e.end + e.start for e in row) for row in rows]
    sizes = np.diff(batch.offsets)[work.source] + np.array(grown, np.int64)
    offsets = np.array([0, *accumulate(sizes.tolist())])
    out, starts = np.zeros(offsets[-1], np.uint8), np.empty(len(columns), np.int32)
    report = np.empty((len(starts), REPORT_FIELDS), np.int32)
    splice(work, tables, offsets, out, starts, report)
    places = zip(report.tolist(), (edit for row in rows for edit in row), strict=True)
    assert all(found[4:7] == [edit.repair, edit.group, edit.step] for found, edit in places)
    assert replayed(batch, source, report, edit_rows, out, offsets) == out.tobytes()
    return [
        (out[start:stop].tobytes(), (starts[edit_rows[row] : edit_rows[row + 1]] - start).tolist())
        for row, (start, stop) in enumerate(pairwise(offsets.tolist()))
    ]


def replayed(
    batch: TextBatch, source: list[int], report: Int32s, edit_rows: Int64s, out: Bytes, offsets: Int64s
) -> bytes:
    """Return the output again, from the source rows and what the report says was replaced by what."""
    text = b""
    for row, number in enumerate(source):
        raw, after, done = batch.row(number), out[offsets[row] : offsets[row + 1]].tobytes(), 0
        for start, end, begin, stop, *_ in report[edit_rows[row] : edit_rows[row + 1]].tolist():
            text += raw[done:start] + after[begin:stop]
            done = end
        text += raw[done:]
    return text


@st.composite
def edits_inside(draw: st.DrawFn, start: int, end: int) -> list[Edit]:
    """Draw disjoint edits of data[start:end], in order; empty ranges are insertions."""
    cuts = sorted(draw(st.lists(st.integers(start, end), max_size=6)))
    return [
        Edit(a, b, draw(st.integers(-1, FORMS - 1)), draw(CASES)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]


@given(rows=st.lists(texts, min_size=1, max_size=3), data=st.data())
@QUICK
def test_output_and_places_are_those_of_the_twin(rows: list[str], data: st.DataObject, mini: PackTables) -> None:
    batch, forms = TextBatch.from_strings(rows), forms_of(mini)
    source = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=4))
    spans = [(int(batch.offsets[row]), int(batch.offsets[row + 1])) for row in source]
    edits = [data.draw(edits_inside(*span)) for span in spans]
    raw = batch.data.tobytes()
    expected = [twin_splice.splice(raw, span, row, forms) for span, row in zip(spans, edits, strict=True)]
    assert spliced(batch, source, edits, mini) == expected


@pytest.mark.parametrize(
    ("form", "case", "expected"),
    [
        ("dog", 0, "1 dog 2"),
        ("dog", TokenFlag.TITLE, "1 Dog 2"),
        ("soul mate", TokenFlag.UPPER, "1 SOUL MATE 2"),
        ("soul mate", TokenFlag.TITLE, "1 Soul mate 2"),
        ("café", TokenFlag.UPPER, "1 CAFé 2"),
        (None, 0, "1  2"),
    ],
)
def test_a_form_is_written_in_the_case_of_what_it_replaces(
    form: str | None, case: int, expected: str, mini: PackTables
) -> None:
    number = forms_of(mini).index(form) if form else -1
    edit = Edit(2, 3, number, int(case))
    assert spliced(TextBatch.from_strings(["1 x 2"]), [0], [[edit]], mini) == [(expected.encode(), [2])]


def test_without_edits_every_byte_stays(sentences: list[str], mini: PackTables) -> None:
    texts = [*sentences[:50], "", "\0\x1b\ufffe\U0001f600\r\n"]
    batch = TextBatch.from_strings(texts)
    out = spliced(batch, [*range(len(texts))], [[]] * len(texts), mini)
    assert [text.decode() for text, _ in out] == texts


@given(source=st.binary(max_size=40), data=st.data())
@QUICK
def test_copied_bytes_are_those_of_the_stretch_and_no_others(source: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source)))
    size = data.draw(st.integers(0, len(source) - start))
    before, after = data.draw(st.integers(0, 9)), data.draw(st.integers(0, 9))
    expected = b"." * before + source[start : start + size] + b"." * after
    for copy in (compiled.copy_bytes, copy_bytes):
        out = np.full(len(expected), ord("."), np.uint8)
        copy(np.frombuffer(source, np.uint8), start, out, before, size)
        assert out.tobytes() == expected
