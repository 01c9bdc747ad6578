"""Which words are drawn: the twin's, as many as the rate asks for, never two edits in one place."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.batch import TokenBatch
from augsvc.kernels.draft import NO_LIMIT, Step
from augsvc.kernels.gates import Gate
from augsvc.types import PackTables

from . import texts as soups
from . import twin_choose
from .plain import Edit, scan, tokens_of
from .planning import ALWAYS, MOST, deletions, groups_of, planned, renamed, synonyms, twins
from .texts import QUICK, batches
from .twin_propose import Words

WORLD = st.lists(soups.sentences | soups.wrapped | soups.texts, min_size=1, max_size=3)
MASKS = st.lists(st.sampled_from([0, 0, 0, 0, 1, 2, 4, 6]), max_size=40)
REGISTERS = st.sampled_from([0, 1, 8, 9, 63])
STEPS = st.builds(
    Step,
    st.integers(0, 2**32 - 1),
    st.integers(0, 1),
    st.sampled_from([0, ALWAYS // 10, ALWAYS // 3, ALWAYS]) | st.integers(0, ALWAYS),
    st.integers(0, 3),
    st.integers(3, 9) | st.just(MOST),
    st.integers(1, 3),
    st.sampled_from([0, 95, 130]),
    REGISTERS,
)
PROGRAMS = st.lists(STEPS, min_size=1, max_size=4)
LIMITS = st.just(NO_LIMIT) | st.sampled_from([0, ALWAYS // 4, ALWAYS // 2, ALWAYS])


@st.composite
def gated(draw: st.DrawFn) -> tuple[list[Step], list[Gate]]:
    """Steps behind gates of all kinds, each inside any that stands before it."""
    gates = []
    for number in range(draw(st.integers(0, 6))):
        operation, parent = draw(st.integers(0, 2**32 - 1)), draw(st.integers(-1, number - 1))
        if draw(st.booleans()):
            low, high = sorted(draw(st.tuples(st.integers(0, ALWAYS), st.integers(0, ALWAYS))))
            gates.append(Gate(operation, parent, low, high))
        else:
            of = draw(st.integers(1, 5))
            low, high = sorted(draw(st.tuples(st.integers(0, of), st.integers(0, of))))
            gates.append(Gate(operation, parent, low, high, of, draw(st.integers(0, of - 1))))
    steps = draw(st.lists(st.tuples(STEPS, st.integers(-1, len(gates) - 1)), min_size=1, max_size=4))
    return [step._replace(gate=gate) for step, gate in steps], gates


@pytest.fixture(scope="module")
def words(mini: PackTables) -> Words:
    return Words(mini)


@given(texts=WORLD, masks=MASKS, gated=gated(), limit=LIMITS, data=st.data())
@QUICK
def test_plans_are_those_of_the_twin(
    texts: list[str],
    masks: list[int],
    gated: tuple[list[Step], list[Gate]],
    limit: int,
    data: st.DataObject,
    mini: PackTables,
    words: Words,
) -> None:
    source = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=5).map(sorted))
    batch, (program, gates) = scan(texts, mini, masks), gated
    kernel = planned(batch, program, mini, words, source, gates, limit)
    assert [*map(renamed, kernel)] == [*map(renamed, twins(batch, program, words, source, gates, limit))]


@pytest.mark.parametrize("rate", [ALWAYS // 10, ALWAYS])
def test_real_sentences_get_the_plans_of_the_twin(rate: int, sentences: list[str], tables: PackTables) -> None:
    program, words = [synonyms(rate), deletions(rate), synonyms(rate, senses=1, operation=3)], Words(tables)
    batch, source = scan(sentences[:300], tables), [*range(300)]
    kernel = planned(batch, program, tables, words, source)
    assert [*map(renamed, kernel)] == [*map(renamed, twins(batch, program, words, source))]
    assert sum(map(len, kernel)) > 500


@given(texts=WORLD, masks=MASKS, program=PROGRAMS)
@QUICK
def test_edits_are_in_order_disjoint_and_inside_their_row(
    texts: list[str], masks: list[int], program: list[Step], mini: PackTables, words: Words
) -> None:
    batch = scan(texts, mini, masks)
    rows = planned(batch, program, mini, words, [*range(len(texts))])
    for edits, (low, high) in zip(rows, pairwise(batch.texts.offsets.tolist()), strict=True):
        marks = [low, *(mark for edit in edits for mark in (edit.start, edit.end)), high]
        assert marks == sorted(marks)
        assert all(edit.start < edit.end for edit in edits)


@given(texts=WORLD, program=st.lists(STEPS, min_size=2, max_size=4))
@QUICK
def test_an_operation_that_follows_changes_no_edit_of_those_before(
    texts: list[str], program: list[Step], mini: PackTables, words: Words
) -> None:
    batch, source = scan(texts, mini), [*range(len(texts))]
    alone = planned(batch, program[:-1], mini, words, source)
    for row, longer in zip(alone, planned(batch, program, mini, words, source), strict=True):
        assert renamed(row) == renamed([edit for edit in longer if edit.step < len(program) - 1])


def test_an_operation_before_changes_others_by_conflicts_alone(sentences: list[str], tables: PackTables) -> None:
    words, source, batch = Words(tables), [*range(200)], scan(sentences[:200], tables)
    single = planned(batch, [synonyms(ALWAYS // 10)], tables, words, source)
    second = planned(batch, [deletions(ALWAYS // 50), synonyms(ALWAYS // 10)], tables, words, source)
    same = 0
    for alone, after in zip(single, second, strict=True):
        ahead = [edit for edit in after if edit.step == 0]
        if not any(meets(edit, other) for edit in alone for other in ahead):
            assert [e[:5] for e in alone] == [e[:5] for e in after if e.step == 1]
            same += bool(ahead and alone)
    assert same > 10


def meets(edit: Edit, other: Edit) -> bool:
    """Say whether two edits stand within two words of each other, as far as an article reaches."""
    return edit.start - 20 < other.end and other.start - 20 < edit.end


@pytest.mark.parametrize(
    ("step", "text", "expected"),
    [
        (synonyms(0), "dog dog dog", 0),
        (synonyms(), "dog the, dog.", 2),
        (synonyms(most=2), "dog " * 9, 2),
        (synonyms(0, least=2), "dog " * 9, 2),
        (synonyms(0, least=5), "dog the dog", 2),
        (synonyms(ALWAYS // 10), "the " * 15 + "dog " * 5, 2),
        (synonyms(most=0), "dog dog", 0),
    ],
)
def test_the_rate_counts_groups_within_its_limits(
    step: Step, text: str, expected: int, mini: PackTables, words: Words
) -> None:
    rows = planned(scan([text], mini), [step], mini, words, [0] * 20)
    # a rate of a tenth is rounded down to the 2**-32 below it, so that one row in 2**31 has a group less
    assert [len(groups_of(edits)) for edits in rows] == [expected] * 20


def test_a_fraction_of_an_edit_happens_in_that_share_of_rows_and_every_word_as_often(
    mini: PackTables, words: Words
) -> None:
    """The rate 0.15 of 3 words is 0.45 edits: over 4,000 rows within four standard deviations of 1,800."""
    rows = planned(scan(["dog dog dog"], mini), [synonyms(round(0.15 * ALWAYS))], mini, words, [0] * 4000)
    starts = [edit.start for edits in rows for edit in edits]
    assert abs(len(starts) - 1800) < 4 * 31.5
    assert min(starts.count(place) for place in (0, 4, 8)) > 600 - 4 * 23


def test_a_group_happens_whole_or_not_at_all(mini: PackTables, words: Words) -> None:
    """Where "a" is gone first, "big" stays, for no synonym of it could mend the article."""
    batch = scan(["a big"], mini)
    gone = planned(batch, [deletions(), synonyms()], mini, words, [0] * 30)
    assert {tuple((edit.step, edit.end) for edit in edits) for edits in gone} == {((0, 2),)}
    whole = planned(batch, [synonyms()], mini, words, [0] * 30)
    assert {len(edits) for edits in whole} == {1, 2}
    assert all(len(groups_of(edits)) == 1 for edits in whole)


@given(texts=batches)
@QUICK
def test_words_are_counted_without_their_clitics(texts: list[str], tables: PackTables) -> None:
    batch = scan(texts, tables)
    assert batch.words.tolist() == [twin_choose.count_words(tokens) for tokens in tokens_of(batch.columns)]


def test_dont_and_dogs_are_one_word_each(tables: PackTables) -> None:
    batch: TokenBatch = scan(["Don't the dog's 2 bones, etc. smell?", "", "42 !"], tables)
    assert batch.words.tolist() == [6, 0, 0]
