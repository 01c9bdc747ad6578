from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from augsvc.ablation.statistics import difference, mean, mean_of_all

# of a thousand rows each: values that differ by next to nothing have no spread that floats could tell
VALUES = st.lists(st.integers(0, 1000).map(lambda right: right / 10), min_size=2, max_size=12)


@given(VALUES)
def test_the_interval_is_student_s(values):
    value, ci95 = mean(values)
    assert value == pytest.approx(sum(values) / len(values))
    if len(set(values)) > 1:
        low, high = stats.t.interval(0.95, len(values) - 1, value, stats.sem(values))
        assert ci95 == pytest.approx((high - low) / 2)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=3, max_size=12))
def test_the_test_is_the_paired_one(pairs):
    values, baseline = zip(*pairs, strict=True)
    found = difference(values, baseline)
    if len({one - other for one, other in pairs}) > 1:
        assert found.p == pytest.approx(stats.ttest_rel(values, baseline).pvalue)


def test_without_a_spread_there_is_nothing_to_judge_by():
    assert difference([70.0, 80.0], [70.0, 80.0]) == (0, 0, 1)
    assert difference([70.5, 80.5], [70.0, 80.0]) == (0.5, None, None)
    assert difference([71.0], [70.0]) == (1, None, None)


def test_a_mean_of_which_a_value_is_missing_is_missing():
    assert mean_of_all([70.0, None, 80.0]) == (None, None)
    assert mean_of_all([70.0, 80.0]) == mean([70.0, 80.0])
