"""A report as one HTML page that needs nothing beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape

from augsvc.ablation import plots
from augsvc.ablation.report import Report
from augsvc.ablation.techniques import ALL
from augsvc.ablation.terminal import HEADINGS, cells, headline, notes

STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
.wide { overflow-x: auto; }
svg { max-width: 100%; height: auto; }
.note { color: #555; margin: .2rem 0; }
"""


def page(report: Report) -> str:
    """Return the page: the table, its notes, and three plots."""
    rows = report.rows
    parts = [
        f"<h1>Which regularizers help</h1>\n<p>{escape(headline(report))}</p>",
        _table(report),
        *(f'<p class="note">{escape(note)}</p>' for note in notes(report)),
        _section("Accuracy against the baseline", plots.forest(rows)),
        _section("Train-test gap", plots.gaps(rows)),
        _section("Learning curves", plots.curves(rows, report.target)),
        _plan(report),
    ]
    title, body = f"Ablation: {headline(report)}", "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _table(report: Report) -> str:
    headings = (*HEADINGS, *report.rows[0].robustness)
    head = _line("th", headings)
    body = "\n".join(_line("td", cells(row)) for row in report.rows)
    return f'<div class="wide"><table>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'


def _line(tag: str, values: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(value)}</{tag}>" for value in values) + "</tr>"


def _plan(report: Report) -> str:
    """Return the plan that the rows are parts of, or each row's own."""
    title, shown = ("Plan", report.plans[ALL]) if report.settings.plan else ("Plans", report.plans)
    return f"<h2>{title}</h2>\n<pre>{escape(json.dumps(shown, indent=2, ensure_ascii=False))}</pre>"


def _section(title: str, plot: str) -> str:
    return f"<h2>{escape(title)}</h2>\n{plot}"
