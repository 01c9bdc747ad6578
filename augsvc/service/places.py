"""Where in a view a request wants to read: named by its parameters, by a cursor, or by an EventSource's last event."""

from __future__ import annotations

from dataclasses import dataclass

from augsvc.errors import CursorMismatch, Fault
from augsvc.order import Cursor, Lane
from augsvc.service.problems import invalid, naming
from augsvc.service.schemas import VIEW_FIELDS, CorpusStreamQuery, CursorQuery, PlaceQuery, RowsRequest

LAST_EVENT_ID = "Last-Event-ID"


def cursor_of(query: CursorQuery, last_event_id: str | None = None) -> Cursor | None:
    """The cursor that a request goes on from: its last event's before its parameter's. Raises BadRequest."""
    name, text = (LAST_EVENT_ID, last_event_id) if last_event_id else ("cursor", query.cursor)
    if text is None:
        return None
    with naming(name):
        return Cursor.parse(text)


def chosen_view(query: CorpusStreamQuery, last_event_id: str | None) -> str | None:
    """The id of the view that a cursor chooses on a corpus's stream; None where the parameters describe one.

    Raises BadRequest, or InvalidInput where there are both. An EventSource keeps its address, parameters and all, so
    its last event may come beside any.
    """
    if query.cursor is not None and (named := [name for name in VIEW_FIELDS if name in query.model_fields_set]):
        faults = [Fault(name, "A cursor chooses the view: leave one of them out.") for name in named]
        raise invalid("The view is named twice", faults)
    cursor = cursor_of(query, last_event_id)
    return None if cursor is None else cursor.view_id


def epoch_of(query: CursorQuery, request: RowsRequest, view_id: str) -> int:
    """The epoch of a request for rows. Raises BadRequest, CursorMismatch, or InvalidInput where it is named twice."""
    if (cursor := cursor_of(query)) is None:
        return request.epoch
    if "epoch" in request.model_fields_set:
        raise invalid("The epoch is named twice", [Fault("/epoch", "A cursor has an epoch: leave one of them out.")])
    return _own(cursor, view_id).epoch


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read: an epoch, a first position, a lane."""

    epoch: int
    start: int
    lane: Lane

    @classmethod
    def of(cls, query: PlaceQuery, view_id: str, last_event_id: str | None = None) -> Place:
        """The place that a request names. Raises BadRequest, CursorMismatch or InvalidInput."""
        epoch, start, named = query.epoch, query.start, "start"
        if (cursor := cursor_of(query, last_event_id)) is not None:
            epoch, start = _own(cursor, view_id).epoch, cursor.position
            named = LAST_EVENT_ID if last_event_id else "cursor"
        with naming("lane"):
            lane = Lane() if query.lane is None else Lane.parse(query.lane)
        if start < lane.origin:
            fault = Fault(named, f"At least the lane's origin, {lane.origin}.")
            raise invalid("The first position lies before the lane's origin", [fault])
        return cls(epoch, start, lane)

    def is_past(self, rows: int) -> bool:
        """Whether nothing of the lane is left in an epoch of so many rows."""
        return self.lane.next_position(self.start, rows) is None


def _own(cursor: Cursor, view_id: str) -> Cursor:
    if cursor.view_id != view_id:
        raise CursorMismatch(f"The cursor is one of view {cursor.view_id}, not of {view_id}.")
    return cursor
