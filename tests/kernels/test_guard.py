"""Protection: by kind, by byte range, and carried to the text that a pass wrote."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.constraints import Kind, Protect, guard
from augsvc.kernels.guard import carry, guard_ranges
from augsvc.kernels.splice import Splice
from augsvc.types import Guard, PackTables

from . import twin_guard, twin_splice
from .plain import NOTHING_COMPOSED, Edit, Token, columns_of, scan, tokens_of
from .texts import QUICK, batches, texts
from .texts import sentences as mini_sentences
from .twin_match import forms_of

KINDS = st.sets(st.sampled_from(get_args(Kind)))


@given(texts=batches, kinds=KINDS)
@QUICK
def test_kinds_are_those_of_the_twin(texts: list[str], kinds: set[Kind], tables: PackTables) -> None:
    batch = scan(texts, tables, kinds=Protect(kinds=tuple(kinds)).kind_bits)
    flags = tables.form_flags.tolist()
    rows = tokens_of(batch.columns)
    assert [[t.mask for t in row] for row in rows] == [twin_guard.guard_kinds(row, flags, {*kinds}) for row in rows]


def test_real_sentences_are_guarded_as_by_the_twin(sentences: list[str], tables: PackTables) -> None:
    batch, flags = scan(sentences, tables, kinds=Protect().kind_bits), tables.form_flags.tolist()
    for row in tokens_of(batch.columns):
        assert [t.mask for t in row] == twin_guard.guard_kinds(row, flags, {*Protect().kinds})


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("Dogs met old Rose there.", "Dogs met old"),
        ("Rose petals fell.", "petals fell"),
        ("I saw NASA launch rockets.", "saw launch rockets"),
        ("BUY CHEAP WATCHES now", "BUY CHEAP WATCHES"),
        ("an iPhone case", "case"),
        ("He ran. Dogs bark!", "ran Dogs bark"),
        ("never eat 12 eggs at x.org or #home", "eat eggs"),
    ],
)
def test_by_default_names_function_words_and_what_is_no_word_stay(text: str, free: str, tables: PackTables) -> None:
    batch = scan([text], tables, kinds=Protect(kinds=(*Protect().kinds, "punct")).kind_bits)
    raw = text.encode()
    assert [
        raw[t.start : t.end].decode() for t in tokens_of(batch.columns)[0] if not t.mask & Guard.KIND
    ] == free.split()


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("The big dogs and an old dog", "big old dog"),
        ("dog's well-big big", "dog big"),
        ("idle rose Rose ROSE", "rose"),
        ("dog, 9 dog@x.org café soul", "dog café"),
    ],
)
def test_words_of_their_own_that_have_candidates_are_fit(text: str, fit: str, mini: PackTables) -> None:
    batch, raw = scan([text], mini, kinds=Protect().kind_bits), text.encode()
    found = [raw[t.start : t.end].decode() for t in tokens_of(batch.columns)[0] if t.mask & Guard.FIT]
    assert found == fit.split()


@given(rows=st.lists(texts, min_size=1, max_size=3), data=st.data())
@QUICK
def test_ranges_guard_what_they_overlap(rows: list[str], data: st.DataObject, tables: PackTables) -> None:
    batch = scan(rows, tables)
    offsets = batch.texts.offsets.tolist()
    found: list[list[tuple[int, int]]] = []
    for start, end in pairwise(offsets):
        span = st.tuples(st.integers(start, end), st.integers(start, end)).map(lambda pair: (min(pair), max(pair)))
        found.append(sorted(data.draw(st.lists(span, max_size=4))))
    first = np.array([0, *accumulate(map(len, found))])
    starts, ends = np.array([span for row in found for span in row], np.int64).reshape(-1, 2).T.copy()
    guard_ranges(batch.columns, first, starts, ends)
    tokens = tokens_of(batch.columns)
    expected = [twin_guard.guard_ranges(row, ranges) for row, ranges in zip(tokens, found, strict=True)]
    assert [[t.mask & ~Guard.FIT for t in row] for row in tokens] == expected


@pytest.mark.parametrize(
    ("start", "end", "masks"),
    [
        (0, 3, [2, 0, 0]),
        (3, 4, [0, 4, 0]),
        (2, 5, [2, 6, 0]),
        (4, 4, [0, 4, 0]),
        (5, 5, [0, 2, 0]),
        (0, 11, [2, 6, 6]),
        (7, 99, [0, 0, 6]),
    ],
)
def test_a_range_guards_the_words_and_the_gaps_it_touches(
    start: int, end: int, masks: list[int], tables: PackTables
) -> None:
    batch = scan(["big old dog"], tables)
    guard(batch, Protect(kinds=()), tables, [(0, start, end)])
    assert [mask & ~Guard.FIT for mask in batch.columns.mask.tolist()] == masks


def words_edited(tokens: list[Token], places: list[tuple[int, int]]) -> list[Edit]:
    """Return edits that for each (t, form) replace token t; form -2 deletes it with the gap before it."""
    forms, found = {t % len(tokens): form for t, form in places} if tokens else {}, []
    for t, form in sorted(forms.items()):
        start = tokens[t - 1].end if t and form == -2 else tokens[t].start
        found.append(Edit(start, tokens[t].end, max(form, -1)))
    return found


@given(
    rows=st.lists(mini_sentences | texts, min_size=1, max_size=3),
    masks=st.lists(st.sampled_from([0, 1, 2, 4, 6]), max_size=40),
    places=st.lists(st.tuples(st.integers(0, 20), st.integers(-2, 27)), max_size=4),
    data=st.data(),
)
@QUICK
def test_masks_are_carried_as_by_the_twin(
    rows: list[str], masks: list[int], places: list[tuple[int, int]], data: st.DataObject, mini: PackTables
) -> None:
    batch, forms = scan(rows, mini, masks), forms_of(mini)
    source = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=4))
    old, offsets, raw = tokens_of(batch.columns), batch.texts.offsets.tolist(), batch.texts.data.tobytes()
    edits = [words_edited(old[row], places) for row in source]
    made = [
        twin_splice.splice(raw, (offsets[row], offsets[row + 1]), row_edits, forms)
        for row, row_edits in zip(source, edits, strict=True)
    ]
    after = scan([text.decode() for text, _ in made], mini)
    columns = columns_of([edit for row in edits for edit in row])
    edit_rows = np.array([0, *accumulate(map(len, edits))])
    work = Splice(
        batch.texts.data, batch.texts.offsets, np.array(source, np.int64), columns, edit_rows, NOTHING_COMPOSED
    )
    begins = after.texts.offsets
    starts = np.array([begins[n] + start for n, (_, found) in enumerate(made) for start in found], np.int32)
    carry(batch.columns, work, mini, starts, begins, after.columns)
    for number, (row, new) in enumerate(zip(source, tokens_of(after.columns), strict=True)):
        sizes = [len(twin_splice.written(edit, forms)) for edit in edits[number]]
        shift = int(begins[number]) - offsets[row]
        assert [t.mask for t in new] == twin_guard.carry(old[row], edits[number], sizes, shift, new)


def test_a_guarded_gap_stays_guarded_when_the_word_after_it_is_replaced(mini: PackTables) -> None:
    batch = scan(["big dog"], mini, [0, int(Guard.GAP)])
    edit = Edit(4, 7, forms_of(mini).index("hound"))
    after = scan(["big hound"], mini)
    work = Splice(
        batch.texts.data, batch.texts.offsets, np.array([0]), columns_of([edit]), np.array([0, 1]), NOTHING_COMPOSED
    )
    carry(batch.columns, work, mini, np.array([4], np.int32), after.texts.offsets, after.columns)
    assert after.columns.mask.tolist() == [Guard.FIT, Guard.FIT | Guard.GAP]
