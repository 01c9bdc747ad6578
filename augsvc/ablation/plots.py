"""The plots of a report, as SVG that stands in a page: no scripts, fonts or files beside it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from augsvc.ablation.figures import Figures
from augsvc.ablation.statistics import mean
from augsvc.ablation.table import Row

# of Okabe and Ito, told apart by colour-blind readers, too
COLOURS = ("#000000", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8B6914", "#7F3C8D")
BASELINE = "none"
WIDTH = 7.5


def forest(rows: Sequence[Row]) -> str:
    """Draw how each row's accuracy differs from the baseline's, with its interval."""
    shown = [row for row in rows if row.name != BASELINE]
    figure, axes = _drawing(1 + 0.3 * len(shown))
    for place, row in enumerate(reversed(shown)):
        clear = row.p is not None and row.p < 0.05
        axes.errorbar(row.delta, place, xerr=row.delta_ci95, fmt="o", capsize=3, color=COLOURS[1 if clear else 0])
    axes.axvline(0, color="grey", linewidth=1)
    axes.set_yticks(range(len(shown)), [row.name for row in reversed(shown)])
    axes.set_xlabel("accuracy less the baseline's, points, 95 % interval (blue: p < .05)")
    return _svg(figure)


def gaps(rows: Sequence[Row]) -> str:
    """Draw the gap between accuracy on the training rows and on the test rows."""
    figure, axes = _drawing(1 + 0.3 * len(rows))
    values = [row.gap for row in reversed(rows)]
    intervals = [row.gap_ci95 or 0 for row in reversed(rows)]
    bars = axes.barh([row.name for row in reversed(rows)], values, xerr=intervals, color=COLOURS[1], capsize=3)
    axes.bar_label(bars, fmt="%.1f", label_type="center", color="white")
    axes.set_xlabel("training accuracy less test accuracy, points, 95 % interval")
    return _svg(figure)


def curves(rows: Sequence[Row], target: float) -> str:
    """Draw test accuracy over steps, the mean over seeds, of the baseline, each technique alone, and all."""
    figure, axes = _drawing(4.2)
    shown = [row for row in rows if not row.name.startswith("all_but_")]
    for row, colour in zip(shown, COLOURS, strict=False):
        steps, accuracies = curve_of(row.seeds)
        wide = 2.5 if row.name in (BASELINE, "all") else 1.2
        axes.plot(
            steps, accuracies, label=row.name, color=colour, linewidth=wide, marker="." if len(steps) == 1 else ""
        )
    axes.axhline(target, color="grey", linewidth=1, linestyle=":")
    axes.set_xlabel("steps")
    axes.set_ylabel("test accuracy, %")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return _svg(figure)


def curve_of(seeds: Sequence[Figures]) -> tuple[list[int], list[float]]:
    """Return the steps that every seed was measured at, and the mean accuracy over seeds at each."""
    common = set.intersection(*({point.step for point in one.curve} for one in seeds))
    steps = sorted(common)
    at = [{point.step: point.accuracy for point in one.curve} for one in seeds]
    return steps, [mean([one[step] for one in at]).value for step in steps]


def _drawing(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Figure) -> str:
    written = io.StringIO()
    # text as text, and names that do not change from one drawing of the same to the next
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "augsvc", "font.family": "sans-serif"}):
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    whole = written.getvalue()
    return whole[whole.index("<svg") :]
