"""Means with their intervals, and paired tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

TINY = 1e-9


class Mean(NamedTuple):
    """A mean, and half the width of its 95 % interval by Student's t; None for a single value."""

    value: float
    ci95: float | None


class Missing(NamedTuple):
    """In the place of a mean."""

    value: None = None
    ci95: None = None


class Difference(NamedTuple):
    """The mean of paired differences with its interval, and the two-sided p of the paired t-test.

    Both are None for a single pair, and where all pairs differ by the same, not zero: a spread of zero is none to
    judge by.
    """

    value: float
    ci95: float | None
    p: float | None


def mean(values: Sequence[float]) -> Mean:
    """Return the mean of values that are independent of one another."""
    from scipy import stats

    sample = np.asarray(values, np.float64)
    if len(sample) < 2:
        return Mean(float(sample.mean()), None)
    spread = float(stats.sem(sample))
    return Mean(float(sample.mean()), spread * float(stats.t.ppf(0.975, len(sample) - 1)))


def mean_of_all(values: Sequence[float | None]) -> Mean | Missing:
    """Return the mean; nothing where one of the values is missing."""
    there = [value for value in values if value is not None]
    return mean(there) if len(there) == len(values) else Missing()


def difference(values: Sequence[float], baseline: Sequence[float]) -> Difference:
    """Compare values with those of a baseline, each with that of the same seed."""
    from scipy import stats

    apart = np.asarray(values, np.float64) - np.asarray(baseline, np.float64)
    value, ci95 = mean(apart.tolist())
    if len(apart) < 2:
        return Difference(value, None, None)
    spread = float(stats.sem(apart))
    if spread <= TINY:
        return Difference(value, None, None) if abs(value) > TINY else Difference(0.0, 0.0, 1.0)
    # as stats.ttest_rel
    return Difference(value, ci95, 2 * float(stats.t.sf(abs(value) / spread, len(apart) - 1)))
