"""Which groups happen: the twin's, as many as the rate asks for, never two in one place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.batch import TokenBatch
from augsvc.kernels.choose import Board, Proposals, Quota, choose
from augsvc.types import PackTables

from . import twin_choose
from .plain import Edit, columns_of, draws_for, scan, tokens_of
from .texts import QUICK, batches

CELLS = 12
ALL = 2**32
EDITS = st.integers(0, CELLS - 1).flatmap(lambda cell: st.tuples(st.just(cell), st.integers(cell + 1, CELLS)))
GROUPS = st.lists(st.lists(EDITS, min_size=1, max_size=3), max_size=8)
QUOTA = st.builds(Quota, st.integers(0, ALL), st.integers(0, 3), st.integers(3, 9))

Group = list[tuple[int, int]]


def rows_of_edits(rows: list[list[Group]]) -> list[list[list[Edit]]]:
    """Return edits that occupy cell ranges, their groups numbered through all rows."""
    number = 0
    found: list[list[list[Edit]]] = []
    for row, groups in enumerate(rows):
        found.append([])
        for group in groups:
            found[-1].append([Edit(row, 0, 0, *cells, 0, 0, 0, number) for cells in group])
            number += 1
    return found


def chosen(
    rows: list[list[list[Edit]]], words: list[int], quota: Quota, taken: np.ndarray, operation: int = 3
) -> tuple[list[set[int]], int]:
    """Return the numbers, within each row, of the groups that the kernel chooses, and its count of their edits."""
    groups = [group for row in rows for group in row]
    first = np.cumsum([0, *map(len, groups)]).astype(np.int32)
    group_rows = np.cumsum([0, *map(len, rows)]).astype(np.int32)
    board = Board(np.array(words, np.int32), np.arange(len(rows) + 1) * CELLS, taken)
    proposals = Proposals(columns_of([edit for group in groups for edit in group]), first, group_rows)
    happens, scratch = np.full(len(groups), 7, np.uint8), np.empty(len(groups), np.int32)
    edits = choose(proposals, board, draws_for([*range(len(rows))], operation), quota, scratch, happens)
    assert set(happens.tolist()) <= {0, 1}
    cut = np.split(happens, group_rows[1:-1])
    return [set(np.flatnonzero(part).tolist()) for part in cut[: len(rows)]], int(edits)


@given(rows=st.lists(GROUPS, min_size=1, max_size=3), words=st.integers(0, 40), quota=QUOTA)
@QUICK
def test_choices_are_those_of_the_twin_for_one_operation_after_another(
    rows: list[list[Group]], words: int, quota: Quota
) -> None:
    edits, taken = rows_of_edits(rows), np.zeros(len(rows) * CELLS, np.uint8)
    occupied: list[set[int]] = [set() for _ in rows]
    for operation in (3, 4):
        happening, count = chosen(edits, [words] * len(rows), quota, taken, operation)
        for row, groups in enumerate(edits):
            key = 2 * row, 2 * row + 1
            assert happening[row] == twin_choose.choose(groups, words, key, operation, quota, occupied[row])
        assert count == sum(len(edits[row][number]) for row, numbers in enumerate(happening) for number in numbers)
        cells = [np.flatnonzero(part).tolist() for part in np.split(taken, len(rows))]
        assert cells == [sorted(cells) for cells in occupied]


@pytest.mark.parametrize(
    ("quota", "words", "expected"),
    [
        (Quota(0, 0, 9), 50, 0),
        (Quota(ALL, 0, 9), 5, 5),
        (Quota(ALL, 0, 9), 50, 6),
        (Quota(ALL, 0, 2), 50, 2),
        (Quota(0, 2, 9), 0, 2),
        (Quota(ALL // 10, 0, 9), 20, 2),
        (Quota(ALL, 0, 0), 50, 0),
    ],
)
def test_the_quota_is_rate_times_words_within_its_limits(quota: Quota, words: int, expected: int) -> None:
    edits = rows_of_edits([[[(2 * cell, 2 * cell + 1)] for cell in range(6)]])
    assert len(chosen(edits, [words], quota, np.zeros(CELLS, np.uint8))[0][0]) == expected


def test_a_fraction_of_an_edit_happens_in_that_share_of_rows_and_every_word_as_often() -> None:
    """The rate 0.15 of 3 words is 0.45 edits: over 4,000 rows within four standard deviations of 1,800."""
    rows = rows_of_edits([[[(cell, cell + 1)] for cell in (1, 3, 5)]] * 4000)
    taken = np.zeros(4000 * CELLS, np.uint8)
    happening, count = chosen(rows, [3] * 4000, Quota(round(0.15 * ALL), 0, 9), taken)
    assert abs(count - 1800) < 4 * 31.5
    assert min(sum(number in row for row in happening) for number in range(3)) > 600 - 4 * 23


def test_a_group_happens_whole_or_not_at_all() -> None:
    edits, taken = rows_of_edits([[[(0, 1), (5, 6)]]]), np.zeros(CELLS, np.uint8)
    taken[5] = 1
    assert chosen(edits, [1], Quota(ALL, 0, 9), taken) == ([set()], 0)
    assert taken.tolist() == [0] * 5 + [1] + [0] * 6


@given(texts=batches)
@QUICK
def test_words_are_counted_without_their_clitics(texts: list[str], tables: PackTables) -> None:
    batch = scan(texts, tables)
    assert batch.words.tolist() == [twin_choose.count_words(tokens) for tokens in tokens_of(batch.columns)]


def test_dont_and_dogs_are_one_word_each(tables: PackTables) -> None:
    batch: TokenBatch = scan(["Don't the dog's 2 bones, etc. smell?", "", "42 !"], tables)
    assert batch.words.tolist() == [6, 0, 0]
