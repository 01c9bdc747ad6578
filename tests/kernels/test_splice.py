"""From edits to text, against slices of bytes."""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.batch import TextBatch, empty_edits
from augsvc.kernels.splice import Splice, gather, measure, splice
from augsvc.types import PackTables, TokenFlag

from . import twin_splice
from .plain import Edit, columns_of, edits_of
from .texts import QUICK, texts
from .twin_match import forms_of

FORMS = 28
CASES = st.sampled_from([0, int(TokenFlag.TITLE), int(TokenFlag.UPPER)])


def spliced(
    batch: TextBatch, source: list[int], rows: list[list[Edit]], tables: PackTables
) -> list[tuple[bytes, list[int]]]:
    """Return each output row's text, and where in it the replacements begin."""
    edit_rows = np.array([0, *accumulate(map(len, rows))])
    columns = columns_of([edit for row in rows for edit in row])
    work = Splice(batch.data, batch.offsets, np.array(source, np.int64), columns, edit_rows)
    offsets = np.empty(len(source) + 1, np.int64)
    size = measure(work, tables, offsets)
    out, starts = np.zeros(size, np.uint8), np.empty(len(columns.row), np.int32)
    splice(work, tables, offsets, out, starts)
    assert offsets[-1] == size
    return [
        (out[start:stop].tobytes(), (starts[edit_rows[row] : edit_rows[row + 1]] - start).tolist())
        for row, (start, stop) in enumerate(pairwise(offsets.tolist()))
    ]


@st.composite
def edits_inside(draw: st.DrawFn, start: int, end: int) -> list[Edit]:
    """Draw disjoint edits of data[start:end], in order; empty ranges are insertions."""
    cuts = sorted(draw(st.lists(st.integers(start, end), max_size=6)))
    return [
        Edit(0, a, b, 0, 0, draw(st.integers(-1, FORMS - 1)), draw(CASES), 0, 0)
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
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
    edit = Edit(0, 2, 3, 0, 0, number, int(case), 0, 0)
    assert spliced(TextBatch.from_strings(["1 x 2"]), [0], [[edit]], mini) == [(expected.encode(), [2])]


def test_without_edits_every_byte_stays(sentences: list[str], mini: PackTables) -> None:
    texts = [*sentences[:50], "", "\0\x1b\ufffe\U0001f600\r\n"]
    batch = TextBatch.from_strings(texts)
    out = spliced(batch, [*range(len(texts))], [[]] * len(texts), mini)
    assert [text.decode() for text, _ in out] == texts


@given(kept=st.lists(st.integers(0, 9), max_size=12))
@QUICK
def test_gather_copies_the_edits_it_is_given(kept: list[int]) -> None:
    edits = [Edit(n, n + 1, n + 2, n + 3, n + 4, -n, n, n % 2, n) for n in range(10)]
    out = empty_edits(len(kept))
    gather(columns_of(edits), np.array(kept, np.int64), out)
    assert edits_of(out, len(kept)) == [edits[number] for number in kept]
