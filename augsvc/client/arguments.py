"""Arguments that a request could not carry, or would carry to another address: refused before they are sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import httpx

from augsvc.errors import CursorMismatch, InvalidInput, InvalidPipeline
from augsvc.store import NAME
from augsvc.types import JsonObject

if TYPE_CHECKING:
    from augsvc.order import Cursor, Lane
    from augsvc.pipeline import Pipeline
    from augsvc.types import Int64s


def texts_of(texts: Iterable[str]) -> list[str]:
    """The texts as a list; raises InvalidInput for a single one, whose letters would pass for texts."""
    if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
        raise InvalidInput("texts is a list of strings: put a single text in a list.")
    return list(texts)


def document_of(pipeline: str | Mapping[str, Any] | Pipeline) -> Any:
    """A pipeline's name or JSON; raises InvalidPipeline for a value of another type."""
    if isinstance(pipeline, str | Mapping):
        return pipeline
    from augsvc.pipeline import Pipeline

    if not isinstance(pipeline, Pipeline):
        raise InvalidPipeline(f"A pipeline is a preset's name, a mapping of its JSON or a Pipeline, not {pipeline!r}.")
    return pipeline.document()


def view_fields(
    corpus: str,
    pipeline: str | Mapping[str, Any] | Pipeline,
    seed: int,
    copies: int,
    include_original: Literal[False, "rows", "column"],
    shuffle: Literal["global", "block", "none"],
) -> JsonObject:
    """The document that asks for a view; raises InvalidPipeline for a pipeline that is none of these."""
    return {
        "corpus": corpus,
        "pipeline": document_of(pipeline),
        "seed": seed,
        "copies": copies,
        "include_original": include_original,
        "shuffle": shuffle,
    }


def positions_of(positions: Sequence[int] | Int64s) -> list[int]:
    """Positions of an epoch as JSON has them; raises InvalidInput for what are no integers."""
    import numpy as np

    try:
        array = np.asarray(positions)
    except ValueError:  # lists of several lengths
        array = np.asarray(None)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise InvalidInput("positions is a list of integers, or a one-dimensional array of them.")
    return list(array.tolist())


def json_of(body: Mapping[str, Any]) -> bytes:
    """A request's body; raises InvalidInput where a value has no JSON."""
    # Escapes also what has no UTF-8 (lone surrogates): it is the server's to refuse, by index.
    try:
        return json.dumps(body, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"The request cannot be written as JSON: {error}.") from None


def corpus_path(name: object) -> str:
    """Where a corpus is; raises InvalidInput for what is neither a name nor a digest."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InvalidInput(
            "A corpus's name has 1 to 128 letters, digits, '.', '_' and '-', and begins with a letter or digit, "
            f"unlike {name!r}."
        )
    return f"/corpora/{quote(name)}"


def view_path(view_id: object) -> str:
    """Where a view is; raises InvalidInput for what is no view's id."""
    if not isinstance(view_id, str) or not re.fullmatch("[0-9a-f]{32}", view_id):
        raise InvalidInput(f"A view's id has 32 hexadecimal digits, unlike {view_id!r}: create_view tells it.")
    return f"/views/{view_id}"


def lane_of(lane: Lane | str | None) -> Lane:
    """The lane, all positions by default; raises BadRequest for a malformed one."""
    from augsvc.order import Lane

    if lane is None:
        return Lane()
    return lane if isinstance(lane, Lane) else Lane.parse(str(lane))


def place_of(view_id: str, epoch: int, start: int, cursor: Cursor | str | None) -> tuple[int, int]:
    """The epoch and the first position, which a cursor replaces.

    Raises InvalidInput for a cursor beside an epoch or a start, BadRequest for a malformed one, CursorMismatch for one
    of another view.
    """
    if cursor is None:
        return epoch, start
    from augsvc.order import Cursor

    if epoch or start:
        raise InvalidInput("A cursor names the epoch and the position: pass it without epoch and start.")
    place = Cursor.parse(str(cursor))
    if place.view_id != view_id:
        raise CursorMismatch(f"The cursor is one of view {place.view_id}, not of {view_id}.")
    return place.epoch, place.position


def urls_of(urls: str | Iterable[str]) -> list[str]:
    """Addresses of servers without a slash at their end; raises InvalidInput where one is none, or there is none."""
    if not isinstance(urls, str) and not isinstance(urls, Iterable):
        raise InvalidInput(f"{urls!r} is no server's address: write for instance http://127.0.0.1:8000.")
    found = [_url_of(url) for url in ([urls] if isinstance(urls, str) else urls)]
    if not found:
        raise InvalidInput("Name at least one server, for instance http://127.0.0.1:8000.")
    return found


def _url_of(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise InvalidInput(f"{url!r} is no server's address: write for instance http://127.0.0.1:8000.")
    return url.rstrip("/")
