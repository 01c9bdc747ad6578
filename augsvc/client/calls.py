"""The calls of the service as values: which request asks, and how its answer is read. No I/O.

Each function is a method of `Client` and `AsyncClient`, with its arguments and its docstring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import httpx

from augsvc.client.answers import ARROW, Asked, read_json, read_nothing, read_page, read_view
from augsvc.client.arguments import (
    corpus_path,
    document_of,
    json_of,
    lane_of,
    place_of,
    positions_of,
    texts_of,
    view_fields,
    view_path,
)
from augsvc.client.failures import refused
from augsvc.client.upload import Body, Upload, coding_of, media_type_of
from augsvc.client.view import RemoteView
from augsvc.types import STALL, JsonObject

if TYPE_CHECKING:
    from augsvc.order import Cursor, Lane
    from augsvc.pipeline import Pipeline
    from augsvc.types import Int64s
    from augsvc.views import Page

PAGE_ROWS = 16_384

_JSON = {"Content-Type": "application/json"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request to any server that holds the data, and `read`, which takes its answer if that is a success.

    Every call of the service is idempotent; only a pipe's content cannot be sent a second time.
    """

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    content: bytes | Body = b""
    params: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def repeatable(self) -> bool:
        """Whether the request may be sent again after a failure."""
        return not isinstance(self.content, Body) or self.content.length is not None

    @property
    def options(self) -> dict[str, Any]:
        """What httpx's `build_request` takes, but for the address, the timeout and the content."""
        return {"method": self.method, "params": self.params or None, "headers": self.headers}

    def answer(self, response: httpx.Response) -> T:
        """What a response, read to its end, says; raises the exceptions of `augsvc.errors`."""
        if not response.is_success:
            raise refused(response)
        return self.read(response)


def augment(
    texts: Sequence[str],
    pipeline: str | Mapping[str, Any] | Pipeline = "regularize",
    *,
    seed: int | None = None,
    epoch: int = 0,
    copies: int = 1,
    ids: Sequence[int | str] | None = None,
    spans: Sequence[Sequence[Sequence[Any]]] | None = None,
    return_edits: bool = True,
    offset_unit: Literal["codepoint", "utf8", "utf16"] = "codepoint",
) -> Call[JsonObject]:
    """`POST /augment`: the answer with `seed`, `epoch`, `pipeline` (its fingerprint) and `results`."""
    optional = {"seed": seed, "ids": ids, "spans": spans}
    body = {
        "texts": texts_of(texts),
        "pipeline": document_of(pipeline),
        "epoch": epoch,
        "copies": copies,
        "return_edits": return_edits,
        "offset_unit": offset_unit,
        **{name: value for name, value in optional.items() if value is not None},
    }
    return Call("POST", "/augment", read_json, json_of(body), headers=_JSON)


def ops() -> Call[list[JsonObject]]:
    """`GET /ops`: the operations, each with its JSON Schema."""
    return _listed("ops")


def pipelines() -> Call[list[JsonObject]]:
    """`GET /pipelines`: the presets."""
    return _listed("pipelines")


def corpora() -> Call[list[JsonObject]]:
    """`GET /corpora`: every corpus that has a name."""
    return _listed("corpora")


def corpus(name: str) -> Call[JsonObject]:
    """`GET /corpora/{name}`: a corpus by its name or digest. Raises UnknownCorpus."""
    return Call("GET", corpus_path(name), read_json)


def put_corpus(
    name: str,
    data: Upload,
    *,
    media_type: str | None = None,
    text_column: str | Sequence[str] | None = None,
    on_bad: Literal["fail", "skip"] = "fail",
) -> Call[JsonObject]:
    """`PUT /corpora/{name}`: register a file, streamed in constant memory; returns what the server tells of it.

    `data` is a path, bytes or an open binary file; `media_type` may be left out where a path's ending tells it: see
    `docs/corpora.md`. A path that ends in .gz or .zst is sent compressed, as it is. An upload from a pipe is not
    repeated after a failure. `text_column` may be several: pairs of sentences. Raises InvalidCorpus for a file that is
    none, StorageFull where the server has no room for it, OSError for a file that cannot be read.
    """
    path = corpus_path(name)
    headers = {"Content-Type": media_type_of(data, media_type), **coding_of(data)}
    body = Body(data)
    if body.length is not None:
        # With its length a server refuses at once what is too large, not after gigabytes.
        headers["Content-Length"] = str(body.length)
    wanted = {"text_column": text_column, "on_bad": on_bad}
    params = {key: value for key, value in wanted.items() if value is not None}
    return Call("PUT", path, read_json, body, params, headers)


def delete_corpus(name: str) -> Call[None]:
    """`DELETE /corpora/{name}`: remove a name; views of the corpus go on. Raises UnknownCorpus."""
    return Call("DELETE", corpus_path(name), read_nothing)


def create_view(
    corpus: str,
    pipeline: str | Mapping[str, Any] | Pipeline = "regularize",
    *,
    seed: int = 0,
    copies: int = 1,
    include_original: Literal[False, "rows", "column"] = False,
    shuffle: Literal["global", "block", "none"] = "global",
) -> Call[RemoteView]:
    """`POST /views`: make a view, or find it. Raises UnknownCorpus, InvalidInput, InvalidPipeline."""
    return post_view(view_fields(corpus, pipeline, seed, copies, include_original, shuffle))


def post_view(document: Mapping[str, Any]) -> Call[RemoteView]:
    """`POST /views` with a view's fields, or with the document of a view; raises ViewSuperseded too."""
    return Call("POST", "/views", read_view, json_of(document), headers=_JSON)


def view(view_id: str) -> Call[RemoteView]:
    """`GET /views/{view_id}`: a view by its id. Raises UnknownView, ViewSuperseded."""
    return Call("GET", view_path(view_id), read_view)


def page(
    view_id: str,
    *,
    epoch: int = 0,
    start: int = 0,
    rows: int = PAGE_ROWS,
    lane: Lane | str | None = None,
    cursor: Cursor | str | None = None,
    stall: float | None = None,
) -> Call[Page]:
    """`GET /views/{view_id}/rows`: the first `rows` positions g >= start of a lane, verified by their end frame.

    A `cursor` of the view stands in place of `epoch` and `start`. `stall` is the share of its time that the reader has
    waited for data so far, told for the server's metrics. Raises UnknownView, ViewSuperseded, BadRequest for a
    malformed lane or cursor, CursorMismatch for a cursor of another view, InvalidInput for one beside an epoch or a
    start, TooLarge for more text than a page holds (`extra["rows"]` says about how many rows it does), TransferError
    for rows that were not asked for.
    """
    path = f"{view_path(view_id)}/rows"
    # As others name the page, so that caches know it.
    epoch, start = place_of(view_id, epoch, start, cursor)
    params: dict[str, Any] = {"epoch": epoch, "start": start, "rows": rows}
    if lane is not None:
        params["lane"] = str(lane)
    headers = ARROW if stall is None else ARROW | {STALL: f"{stall:.3f}"}
    asked = Asked.of_page(view_id, epoch, start, rows, lane_of(lane))
    return Call("GET", path, lambda response: read_page(response, asked), params=params, headers=headers)


def rows(
    view_id: str, positions: Sequence[int] | Int64s, epoch: int = 0, *, cursor: Cursor | str | None = None
) -> Call[Page]:
    """`POST /views/{view_id}/rows`: these positions of an epoch, in that order, verified by their end frame.

    `positions` are integers 0 ... rows - 1 of the view, at most 65,536 and repeats allowed; the page's `next` is None.
    A `cursor` of the view stands in place of `epoch`, its position aside. Raises UnknownView, ViewSuperseded,
    InvalidInput, TooLarge and errors of cursors as `page` does.
    """
    path, listed = f"{view_path(view_id)}/rows", positions_of(positions)
    epoch, _ = place_of(view_id, epoch, 0, cursor)
    body = json_of({"epoch": epoch, "positions": listed})
    asked = Asked(view_id, epoch, listed)
    return Call("POST", path, lambda response: read_page(response, asked), body, headers=ARROW | _JSON)


def _listed(name: str) -> Call[list[JsonObject]]:
    def read(response: httpx.Response) -> list[JsonObject]:
        found: list[JsonObject] = read_json(response)[name]
        return found

    return Call("GET", f"/{name}", read)
