"""Bodies of successful answers: JSON, and pages that are whole and hold what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Self

import httpx

from augsvc.client.view import RemoteView
from augsvc.errors import AugsvcError, TransferError
from augsvc.types import MAX_ROW, JsonObject

if TYPE_CHECKING:
    import pyarrow as pa

    from augsvc.order import Cursor, Lane
    from augsvc.types import Int64s
    from augsvc.views import Page

MAX_PAGE_ROWS = 65_536

ARROW = {"Accept": "application/vnd.apache.arrow.stream"}
"""Headers that ask for what `read_page` reads."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page must hold: these positions of an epoch of a view.

    With `may_end` it may hold fewer, the first of them, where it says that nothing is left after them.
    """

    view_id: str
    epoch: int
    positions: Sequence[int] | Int64s
    may_end: bool = False

    @classmethod
    def of_page(cls, view_id: str, epoch: int, start: int, rows: int, lane: Lane) -> Self | None:
        """What a page's parameters ask for; None for those that the server is going to refuse."""
        if not all(isinstance(value, int) for value in (epoch, start, rows)) or not 1 <= rows <= MAX_PAGE_ROWS:
            return None
        if not lane.origin <= start <= MAX_ROW:
            return None
        return cls(view_id, epoch, lane.positions(start, rows, MAX_ROW), may_end=True)

    def check(self, table: pa.Table, following: Cursor | None) -> None:
        """Raise TransferError for other rows than those asked for, or a cursor that does not stand behind them."""
        import numpy as np

        from augsvc.order import Cursor

        found = table.column("_position").to_numpy()
        wanted = np.asarray(self.positions, np.int64)
        if following is None and self.may_end:
            wanted = wanted[: len(found)]
        if not np.array_equal(found, wanted):
            raise TransferError("The answer holds other positions than those asked for: fetch it again.")
        behind = Cursor(self.view_id, self.epoch, int(found[-1]) + 1) if len(found) else None
        if following not in (None, behind):
            raise TransferError(f"The answer is of another view or place, the one before {following}: fetch it again.")


def read_nothing(_: httpx.Response) -> None:
    """No body."""


def read_json(response: httpx.Response) -> JsonObject:
    """The answer's JSON object; raises AugsvcError for anything else."""
    try:
        answer: Any = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise _no_answer(response)
    return answer


def read_view(response: httpx.Response) -> RemoteView:
    """A view's description."""
    answer = read_json(response)
    try:
        return RemoteView(answer["view_id"], answer["rows"], answer["view"])
    except KeyError:
        raise _no_answer(response) from None


def read_page(response: httpx.Response, asked: Asked | None) -> Page:
    """The page in an Arrow answer; raises TransferError for one that is not whole or not what was asked for."""
    import pyarrow as pa

    from augsvc.order import Cursor
    from augsvc.views import Page
    from augsvc.wire import decode_arrow

    body = response.content
    answer = decode_arrow(BytesIO(body))
    tables = list(answer)
    table = pa.concat_tables(tables) if tables else pa.ipc.open_stream(body).schema.empty_table()
    following = Cursor.parse(answer.end.next) if answer.end and answer.end.next is not None else None
    if asked is not None:
        asked.check(table, following)
    return Page(table, None if following is None else following.position)


def _no_answer(response: httpx.Response) -> AugsvcError:
    return AugsvcError(f"{response.request.url} gave no answer of augsvc: check that a server of it runs there.")
