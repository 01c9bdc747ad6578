"""The state of a stream as JSON: a place in a view, free of ranks, workers and batch sizes."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any, NamedTuple

from augsvc.errors import CursorMismatch, InvalidInput
from augsvc.types import JsonObject

VERSION = 1
MAX_EPOCH = 2**32 - 1


class Place(NamedTuple):
    """The next position to read of an epoch, and the origin that steps are counted from."""

    epoch: int
    position: int
    origin: int


def saved(view_id: str, epoch: int, position: int) -> JsonObject:
    """The state to save, under 200 bytes as JSON."""
    return {"v": VERSION, "view_id": view_id, "epoch": epoch, "position": position}


def loaded(state: Mapping[str, Any], view_id: str, rows: int) -> Place:
    """Read a state of a view with `rows` positions; raises CursorMismatch for another view's, else InvalidInput."""
    if state.get("v") != VERSION:
        raise InvalidInput(f"This is no state of version {VERSION} of a stream: {dict(state)}.")
    if state.get("view_id") != view_id:
        raise CursorMismatch(
            f"The state is one of view {state.get('view_id')}, not of {view_id}: another corpus, pipeline, seed, "
            "number of copies, shuffle or version of augsvc."
        )
    try:
        epoch, position = state["epoch"], state["position"]
        place = Place(*map(operator.index, (epoch, position, state.get("origin", position))))
    except (KeyError, TypeError):
        raise InvalidInput(f"A state has integers as epoch and position, unlike {dict(state)}.") from None
    if not (0 <= place.epoch <= MAX_EPOCH and 0 <= place.origin <= place.position <= rows):
        raise InvalidInput(f"The state lies outside the view's {rows} positions: {dict(state)}.")
    return place
