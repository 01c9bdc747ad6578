"""The table of a report, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from augsvc.ablation.report import Report
from augsvc.ablation.table import Row
from augsvc.ablation.techniques import unheeded

HEADINGS = ("", "accuracy %", "delta", "p", "gap", "NLL", "ECE %", "zeros %", "steps", "to target", "CPU s")
DIFFERS = 0.05
MISSING = "n/a"

WIDTH = 150
"""Columns that the table needs."""


def table(report: Report) -> RenderableType:
    """Return the rows with what their columns mean below them."""
    kinds = tuple(report.rows[0].robustness)
    grid = Table(title=headline(report), title_justify="left")
    for place, heading in enumerate((*HEADINGS, *kinds)):
        grid.add_column(heading, justify="right" if place else "left", no_wrap=True)
    for row in report.rows:
        grid.add_row(*cells(row), style="bold" if row.name == "all" else None)
    return Group(grid, *(Text(note, "dim") for note in notes(report)))


def headline(report: Report) -> str:
    """Return what was compared, in one line."""
    settings, seeds = report.settings, len(report.rows[0].seeds)
    return (
        f"{settings.model}, {settings.n} of {report.train_rows} rows of {settings.train.name}, {report.classes} "
        f"classes, {report.test_rows} test rows, {seeds} paired seed{'s' * (seeds > 1)}"
    )


def cells(row: Row) -> list[str]:
    """Return a row's figures as the headings order them, then its accuracy on each perturbed test set."""
    reached = "" if row.steps_to_target is None else f"{row.steps_to_target:.0f}"
    return [
        row.name,
        with_interval(row.accuracy, row.accuracy_ci95),
        "" if row.name == "none" else with_interval(row.delta, row.delta_ci95, sign="+"),
        "" if row.name == "none" or row.p is None else f"{row.p:.3f}",
        f"{row.gap:.1f}",
        figure(row.nll, 2),
        figure(row.ece, 1),
        f"{row.zeros:.1f}",
        f"{row.steps:.0f}",
        reached,
        f"{row.seconds:.1f}",
        *(f"{part.accuracy:.1f}" for part in row.robustness.values()),
    ]


def figure(value: float | None, decimals: int) -> str:
    """Return a figure, or what stands for one that is missing."""
    return MISSING if value is None else f"{value:.{decimals}f}"


def with_interval(value: float | None, ci95: float | None, *, sign: str = "") -> str:
    """Return a figure with half the width of its interval, if there is one."""
    return MISSING if value is None else f"{value:{sign}.1f}" + ("" if ci95 is None else f" ±{ci95:.1f}")


def notes(report: Report) -> Iterator[str]:
    """Yield what a reader needs to know to read the table."""
    yield "± is half the width of a 95 % interval (Student's t over seeds); delta and p: paired with `none` by seed."
    within = [row.name for row in report.rows if row.name != "none" and (row.p is None or row.p >= DIFFERS)]
    if within:
        yield f"Within noise (p of {DIFFERS} or more, or none): {', '.join(within)}."
    yield f"To target: steps until {report.target:.1f} % of the watched test rows are right. CPU s: training alone."
    if any(None in (row.nll, row.ece) for row in report.rows):
        yield f"{MISSING}: not finite under one seed at least, as where a training diverges."
    if report.settings.plan and (names := [".".join(one) for one in unheeded(report.settings.plan)]):
        yield f"Not followed, as the ablation has its own: {', '.join(names)}."
    if report.left_out:
        yield f"Left out, as the model has no form of it: {', '.join(report.left_out)}."
