"""Tables whose rows are figures and whose columns are contenders, on the terminal and on pages of the docs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

WIDTH = 160
"""Columns of text where the output is no terminal, so that a log holds whole tables."""

DOCS = Path(__file__).parents[1] / "docs"
END = "<!-- end of the table -->\n"


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], notes: Iterable[str] = ()) -> None:
    """Print one table and its notes: the first column to the left, the others to the right."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    table = Table(title=title, title_justify="left")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    for note in notes:
        console.print(note, style="dim", markup=False, highlight=False)


def put_table(page: Path, name: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Put a table between its marks on a page."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(f"<!-- table of {name} -->\n")
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{page.name} has no place for the table of {name}")
    page.write_text(f"{before}{begin}{markdown(headings, rows)}\n{end}{after}", encoding="utf-8")


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as Markdown has it."""
    body = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"| {' | '.join(headings)} |\n|{'---|' * len(headings)}\n{body}"
