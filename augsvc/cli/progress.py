"""Progress on standard error, only where a person sees it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Advance(Protocol):
    """Tells how far the work is, in the unit of its total; None where the total is not known."""

    def __call__(self, done: float, total: float | None = None) -> None:
        """Move the bar."""
        ...


@contextmanager
def progress(label: str, *, of_bytes: bool, wanted: bool = True) -> Iterator[Advance]:
    """Show a bar on standard error while the block runs, nothing where it is not wanted or that is no terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield _nowhere
        return
    from rich import progress as bars
    from rich.console import Console

    amount = bars.DownloadColumn() if of_bytes else bars.MofNCompleteColumn()
    columns = (bars.TextColumn("{task.description}"), bars.BarColumn(), amount, bars.TimeRemainingColumn())
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total=None: bar.update(task, completed=done, total=total)


def _nowhere(done: float, total: float | None = None) -> None:
    del done, total
