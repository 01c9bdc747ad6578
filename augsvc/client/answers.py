"""Bodies of successful answers: JSON, and pages that are whole."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import httpx

from augsvc.errors import AugsvcError
from augsvc.types import JsonObject

if TYPE_CHECKING:
    from augsvc.views import Page

ARROW = {"Accept": "application/vnd.apache.arrow.stream"}
"""Headers that ask for what `read_page` reads."""


def read_json(response: httpx.Response) -> JsonObject:
    """The answer's JSON object; raises AugsvcError for anything else."""
    try:
        answer: Any = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise AugsvcError(f"{response.request.url} answered no JSON object: check that an augsvc server runs there.")
    return answer


def read_page(response: httpx.Response) -> Page:
    """The page in an Arrow answer; raises TransferError for one that is not whole."""
    import pyarrow as pa

    from augsvc.order import Cursor
    from augsvc.views import Page
    from augsvc.wire import decode_arrow

    body = response.content
    answer = decode_arrow(BytesIO(body))
    tables = list(answer)
    table = pa.concat_tables(tables) if tables else pa.ipc.open_stream(body).schema.empty_table()
    following = answer.end.next if answer.end else None
    return Page(table, None if following is None else Cursor.parse(following).position)
