"""The table of an ablation: for each row the means over seeds, and how it differs from the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from augsvc.ablation.figures import Figures, Point
from augsvc.ablation.finite import Finite, Part
from augsvc.ablation.statistics import difference, mean, mean_of_all
from augsvc.ablation.techniques import NONE

TARGET = 0.98
"""The target accuracy is by default this share of what the baseline ends with, on the rows of the curve."""


PLAIN = ("nll", "ece", "zeros", "steps", "seconds")
"""Figures of which the table gives the mean alone."""


class Robustness(Part):
    """Accuracy on perturbed test rows, in per cent, and how it differs from the baseline's."""

    accuracy: float
    delta: float
    delta_ci95: Finite
    p: Finite


class Row(Part):
    """One row: means over seeds; `ci95` is half the width of a 95 % interval by Student's t, null for one seed.

    Accuracies, `ece` and `zeros` are in per cent, `delta` and `gap` in points. `delta` is the accuracy less that of the
    baseline under the same seed, `p` the two-sided p of the paired t-test. Steps and seconds to the target are means
    over the seeds that reach it, null where none does; `reached` is their number. `nll` and `ece` are null where those
    of a seed are, as of a training that diverged.
    """

    name: str
    accuracy: float
    accuracy_ci95: Finite
    delta: float
    delta_ci95: Finite
    p: Finite
    gap: float
    gap_ci95: Finite
    nll: Finite
    ece: Finite
    zeros: float
    steps: float
    seconds: float
    steps_to_target: Finite
    seconds_to_target: Finite
    reached: int
    robustness: dict[str, Robustness]
    seeds: tuple[Figures, ...]


def rows_of(found: Mapping[str, Sequence[Figures]], target: float | None = None) -> list[Row]:
    """Return the rows, in the order given, the baseline among them; every one has the same seeds."""
    baseline = found[NONE]
    goal = target_of(baseline) if target is None else target
    return [_row(name, figures, baseline, goal) for name, figures in found.items()]


def target_of(baseline: Sequence[Figures]) -> float:
    """Return the accuracy that steps and seconds are counted to by default, in per cent."""
    return TARGET * mean([figures.curve[-1].accuracy for figures in baseline]).value


def _row(name: str, figures: Sequence[Figures], baseline: Sequence[Figures], target: float) -> Row:
    accuracy, gap = mean([one.accuracy for one in figures]), mean([one.gap for one in figures])
    apart = difference([one.accuracy for one in figures], [one.accuracy for one in baseline])
    perturbed = {kind: _robustness(kind, figures, baseline) for kind in figures[0].robustness}
    hits = [hit for one in figures if (hit := _first(one, target))]
    return Row(
        name=name,
        accuracy=accuracy.value,
        accuracy_ci95=accuracy.ci95,
        delta=apart.value,
        delta_ci95=apart.ci95,
        p=apart.p,
        gap=gap.value,
        gap_ci95=gap.ci95,
        **{field: mean_of_all([getattr(one, field) for one in figures]).value for field in PLAIN},
        steps_to_target=_mean_if_any([hit.step for hit in hits]),
        seconds_to_target=_mean_if_any([hit.seconds for hit in hits]),
        reached=len(hits),
        robustness=perturbed,
        seeds=tuple(figures),
    )


def _mean_if_any(values: Sequence[float]) -> float | None:
    return mean(values).value if values else None


def _robustness(kind: str, figures: Sequence[Figures], baseline: Sequence[Figures]) -> Robustness:
    values = [one.robustness[kind] for one in figures]
    apart = difference(values, [one.robustness[kind] for one in baseline])
    return Robustness(accuracy=mean(values).value, delta=apart.value, delta_ci95=apart.ci95, p=apart.p)


def _first(figures: Figures, target: float) -> Point | None:
    return next((point for point in figures.curve if point.accuracy >= target), None)
