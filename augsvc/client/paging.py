"""Which pages a reader asks for: small ones first, so that something comes soon, then larger ones. No I/O."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, NamedTuple

from augsvc.errors import InvalidInput, TooLarge

if TYPE_CHECKING:
    import pyarrow as pa

    from augsvc.order import Lane
    from augsvc.views import Page

FIRST_ROWS = 1_024
WIDE_BYTES = 2**23
"""A page of more bytes is not followed by longer ones: several are held at once."""


class Span(NamedTuple):
    """A stretch of a lane: its first `rows` positions g >= start."""

    start: int
    rows: int


class Ramp:
    """Page lengths: `first`, each further one twice as long, up to `most` or until a page has `WIDE_BYTES`."""

    def __init__(self, first: int, most: int) -> None:
        if first < 1 or most < 1:
            raise InvalidInput(f"A page has one row or more, unlike {min(first, most)}.")
        self._rows = min(first, most)
        self._most = most

    def spans(self, lane: Lane, start: int, end: int, size: int) -> Iterator[Span]:
        """The spans of a lane from `start` to before `end` in an epoch of `size` positions.

        Where there are none one beyond the epoch, whose empty page tells the columns. Raises InvalidInput for a start
        below the lane's origin.
        """
        positions = lane.positions(start, self._rows, end)
        if not len(positions):
            yield Span(max(start, size), 1)
        while len(positions):
            yield Span(start, len(positions))
            # As the server names it, so that caches know the page.
            start = int(positions[-1]) + 1
            self._rows = min(2 * self._rows, self._most)
            positions = lane.positions(start, self._rows, end)

    def seen(self, page: Page) -> None:
        """Take a page's size into account."""
        if page.table.nbytes > WIDE_BYTES:
            self._most = min(self._most, page.table.num_rows)


def whole(span: Span) -> Generator[Span, Page, Page]:
    """A span's page, in as many as its texts need: yields what to ask for, and takes each answer or its TooLarge."""
    import pyarrow as pa

    from augsvc.views import Page

    (start, missing), most = span, span.rows
    tables: list[pa.Table] = []
    while True:
        asked = min(most, missing)
        try:
            page = yield Span(start, asked)
        except TooLarge as error:
            most = error.fewer(asked)
            continue
        tables.append(page.table)
        missing -= page.table.num_rows
        if missing <= 0 or page.next is None:
            return Page(pa.concat_tables(tables), page.next)
        start = page.next
