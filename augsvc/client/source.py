"""A view on servers, as the `Source` that readers of rows take, and any source read ahead."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import augsvc.client.calls as api
from augsvc.client.ahead import IN_FLIGHT, Ahead
from augsvc.client.arguments import lane_of
from augsvc.client.paging import FIRST_ROWS, Ramp, Span, whole
from augsvc.client.stall import Stall
from augsvc.client.steps import led, told
from augsvc.client.view import RemoteView

if TYPE_CHECKING:
    import pyarrow as pa

    from augsvc.client.calls import Call
    from augsvc.client.client import Client
    from augsvc.order import Lane
    from augsvc.types import Int64s
    from augsvc.views import Page, Source


@dataclass(frozen=True)
class RemoteSource:
    """The rows of a view, read from whichever replica answers.

    A replica that does not know the view is told its document and asked again, once. `stall`, where given, is told to
    the server with each page.
    """

    client: Client
    view: RemoteView
    stall: Stall | None = None

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
        stall = self.stall.share if self.stall else None
        return self._told(api.page(self.view_id, epoch=epoch, start=start, rows=rows, lane=lane, stall=stall))

    def pick(self, epoch: int, positions: Int64s) -> Page:
        """These positions (int64[n], any order, repeats allowed); raises as `Client.rows` does."""
        return self._told(api.rows(self.view_id, positions, epoch))

    def _told(self, call: Call[Page]) -> Page:
        return led(told(call, self.view), self.client.ask)


def pages(
    source: Source,
    epoch: int = 0,
    start: int = 0,
    lane: Lane | str | None = None,
    *,
    end: int | None = None,
    first: int = FIRST_ROWS,
    rows: int = 16_384,
    in_flight: int = IN_FLIGHT,
    stall: Stall | None = None,
) -> Ahead[Span, Page]:
    """The pages of a lane of an epoch, in order, up to `in_flight` of them fetched ahead by threads.

    From position `start` to before `end`, by default the epoch's; the first page has `first` rows, each further one
    twice as many, up to `rows`, or up to a size that keeps pages at some megabytes; where texts are so long that the
    service answers fewer, the answers are put together, so that every page but the last is of full length. At most
    `in_flight` pages are held. A service is told the share of its time that the reader waits (`stall`). The iterator is
    a context manager and has `close`; see `Ahead`. Raises what `source.page` raises, when its turn comes.
    """
    share = lane_of(lane)
    stall = stall or Stall()
    ramp = Ramp(first, rows)
    reader = replace(source, stall=stall) if isinstance(source, RemoteSource) else source

    def fetch(span: Span) -> Page:
        return led(whole(span), lambda part: reader.page(epoch, part.start, part.rows, share))

    spans = ramp.spans(share, start, source.rows if end is None else min(end, source.rows), source.rows)
    return Ahead(fetch, spans, in_flight=in_flight, seen=ramp.seen, stall=stall)
