"""A view on a server, as the `Source` that readers of rows take."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from augsvc.errors import UnknownView
from augsvc.types import JsonObject

if TYPE_CHECKING:
    import pyarrow as pa

    from augsvc.client.client import Client
    from augsvc.order import Lane
    from augsvc.types import Int64s
    from augsvc.views import Page


@dataclass(frozen=True, slots=True)
class RemoteView:
    """A view as a server described it: `rows` positions an epoch, `document` what makes it known to another server."""

    view_id: str
    rows: int
    document: JsonObject


@dataclass(frozen=True)
class RemoteSource:
    """The rows of a view, read from whichever replica answers.

    A replica that does not know the view is told its document and asked again, once.
    """

    client: Client
    view: RemoteView

    @property
    def view_id(self) -> str:
        """The view's id."""
        return self.view.view_id

    @property
    def rows(self) -> int:
        """Positions of an epoch."""
        return self.view.rows

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns of every page; the first use asks for a row."""
        from augsvc.order import Lane

        return self.page(0, 0, 1, Lane()).table.schema

    @cached_property
    def text_columns(self) -> tuple[str, ...]:
        """The columns that the checksum covers; the first use asks for a row."""
        return tuple(json.loads(self.schema.metadata[b"augsvc:text_columns"]))

    def page(self, epoch: int, start: int, rows: int, lane: Lane) -> Page:
        """The first `rows` positions g >= start of a lane; raises as `Client.page` does."""
        return self._told(lambda: self.client.page(self.view_id, epoch=epoch, start=start, rows=rows, lane=lane))

    def pick(self, epoch: int, positions: Int64s) -> Page:
        """These positions (int64[n], any order, repeats allowed); raises as `Client.rows` does."""
        return self._told(lambda: self.client.rows(self.view_id, positions, epoch))

    def _told(self, ask: Callable[[], Page]) -> Page:
        try:
            return ask()
        except UnknownView:
            # Safe to repeat on any replica: the id is a hash of the document.
            self.client.post_view(self.view.document)
            return ask()
