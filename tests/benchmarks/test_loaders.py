"""How what loaders read is counted."""

from __future__ import annotations

import loaders
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st


def steps(*batches):
    return [np.array(batch) for batch in batches]


WHOLE = steps([4, 2], [0, 5], [1, 3])


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([steps([0, 5], [1, 3])], "exact"),
        ([steps([5, 0], [3, 1])], "exact"),
        ([steps([5], [1]), steps([0], [3])], "exact"),
        ([steps([1, 3], [0, 5])], "every row once, other steps"),
        ([steps([0, 5, 1, 3])], "every row once, other steps"),
        ([steps([0], [5]), steps([1])], "1 lost, 0 doubled"),
        ([steps([0, 5], [4, 3])], "1 lost, 1 doubled"),
        ([steps([0, 5], [1, 3], [9, 9])], "0 lost, 2 doubled"),
    ],
)
def test_rows_that_ranks_read_are_counted_against_the_whole_epoch(ranks, expected):
    assert loaders.verdict(WHOLE, 1, ranks) == expected


@given(st.permutations(range(24)), st.integers(1, 5), st.sampled_from([1, 2, 4]))
def test_any_even_share_of_an_epochs_rest_is_exact(order, resumed, world):
    whole = list(np.array(order).reshape(6, 4))
    ranks = [[step[rank::world] for step in whole[resumed:]] for rank in range(world)]
    assert loaders.verdict(whole, resumed, ranks) == "exact"


@pytest.mark.parametrize(
    ("read", "wall", "expected"), [(320, 0.001, 32_000), (3_200, 5, 6_400), (1, 5, 320), (16_100, 5, 32_000)]
)
def test_slow_loaders_get_fewer_rows_of_which_nine_tenths_are_whole_batches(read, wall, expected):
    rows = loaders.fitting(32_000, read, wall, 10)
    assert rows == expected
    assert rows * 9 // 10 % loaders.BATCH == 0


def test_batches_come_back_as_they_were_saved(tmp_path):
    np.savez(tmp_path / "a.npz", labels=np.array([3, 1, 2]), sizes=np.array([2, 1]))
    assert [list(batch) for batch in loaders.steps_of(tmp_path / "a.npz")] == [[3, 1], [2]]
