"""The state of a stream as JSON: a place in a view, free of ranks, workers and batch sizes."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any, NamedTuple

from augsvc.errors import CursorMismatch, InvalidInput
from augsvc.types import MAX_EPOCH, JsonObject

VERSION = 1
_MEMBERS = {"v", "view_id", "epoch", "position", "origin"}


class Place(NamedTuple):
    """The next position to read of an epoch, and the origin that steps are counted from."""

    epoch: int
    position: int
    origin: int


def saved(view_id: str, epoch: int, position: int) -> JsonObject:
    """The state to save, under 200 bytes as JSON."""
    return {"v": VERSION, "view_id": view_id, "epoch": epoch, "position": position}


def integer(name: str, value: Any) -> int:
    """The value as an `int`; raises InvalidInput for one of another type, whole floats and strings of digits too."""
    try:
        return operator.index(value)
    except TypeError:
        raise InvalidInput(f"{name} must be an integer, not {value!r}.") from None


def epoch_number(value: Any) -> int:
    """The value as an epoch; raises InvalidInput for no integer, or one outside 0 ... 2**32 - 1."""
    epoch = integer("epoch", value)
    if not 0 <= epoch <= MAX_EPOCH:
        raise InvalidInput(f"An epoch is 0 to {MAX_EPOCH}, not {epoch}.")
    return epoch


def loaded(state: object, view_id: str, rows: int) -> Place:
    """Read a state of a view with `rows` positions; raises CursorMismatch for another view's, else InvalidInput."""
    if not isinstance(state, Mapping) or state.get("v") != VERSION:
        raise InvalidInput(f"This is no state of version {VERSION} of a stream: {state!r}.")
    if unknown := sorted(map(repr, state.keys() - _MEMBERS)):
        raise InvalidInput(f"A stream's state has nothing named {', '.join(unknown)}: load the one that was saved.")
    if state.get("view_id") != view_id:
        raise CursorMismatch(
            f"The state is one of view {state.get('view_id')}, not of {view_id}: another corpus, pipeline, seed, "
            "number of copies, shuffle or version of augsvc."
        )
    epoch, position = (integer(f"A state's {name}", state.get(name)) for name in ("epoch", "position"))
    place = Place(epoch, position, integer("A state's origin", state.get("origin", position)))
    if not (0 <= place.epoch <= MAX_EPOCH and 0 <= place.origin <= place.position <= rows):
        raise InvalidInput(f"The state lies outside the view's {rows} positions: {dict(state)}.")
    return place
