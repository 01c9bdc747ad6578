"""Views, their pages and their streams; and the stream of a corpus, for curl."""

from __future__ import annotations

import re
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Header, Path, Query
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from augsvc.errors import InvalidPipeline, UnknownView
from augsvc.service import delivery, head, streaming
from augsvc.service.bodies import parse, read_json
from augsvc.service.examples import ROWS_BODY, VIEW_BODY
from augsvc.service.forms import Form
from augsvc.service.openapi import described, json_body, rows_answer
from augsvc.service.places import LAST_EVENT_ID, Place, chosen_view, epoch_of
from augsvc.service.problems import moved
from augsvc.service.schemas import CorpusStreamQuery, CursorQuery, PageQuery, RowsRequest, StreamQuery, ViewResponse
from augsvc.service.state import Current, NoParameters, Service
from augsvc.types import STALL, JsonObject
from augsvc.views import LocalSource, ViewRequest
from augsvc.wire import EVENTS

router = APIRouter(tags=["views"])

VIEW_ID = re.compile(r"[0-9a-f]{32}")

ViewId = Annotated[str, Path(description="A view's id.", examples=["0123456789abcdef0123456789abcdef"])]
CorpusName = Annotated[str, Path(description="A corpus's name or digest.", examples=["reviews"])]
LastEventId = Annotated[
    str | None,
    Header(
        alias=LAST_EVENT_ID,
        description="Sent by an EventSource that connects again: the cursor to go on from, before `cursor`. "
        "Streams heed it in every format, pages in `text/event-stream` alone.",
    ),
]
ReaderStall = Annotated[
    str | None,
    Header(
        alias=STALL,
        description="Share of its time, 0 to 1, that the reader has waited for data so far: shown in `/metrics`.",
    ),
]
READING = (400, 404, 406, 409, 412, 429)
PAGE = rows_answer(
    "The rows, then a frame with their number, checksum and the cursor after them",
    Augsvc_Next="The cursor after the page; absent where the lane has nothing left in the epoch.",
    ETag="Strong: the page's bytes never change.",
)
PICKED = rows_answer("The rows in the order asked for, then a frame with their number and checksum")
STREAM = rows_answer("The rows, then a frame with their number, checksum and the cursor after them")
NOTHING_LEFT: JsonObject = {"description": "Nothing of the lane is left after Last-Event-ID: an EventSource stops"}
NOT_MODIFIED: JsonObject = {"description": "The client has this page: If-None-Match names its ETag"}


@router.post(
    "/views",
    status_code=201,
    response_model=ViewResponse,
    dependencies=[NoParameters],
    **described(
        "put_view",
        *(400, 404, 409, 413, 415, 429),
        answers={200: {"model": ViewResponse, "description": "The view was known"}},
        requestBody=json_body(ViewRequest, VIEW_BODY),
    ),
)
async def create_view(request: Request, service: Current) -> Response:
    """Make a view, 201, or find the one that is the same, 200."""
    body = await read_json(request)
    document, created = await service.work.run(_create, service, body)
    return JSONResponse(document, 201 if created else 200)


@router.get("/views/{view_id}", dependencies=[NoParameters], **described("view", 404, 409, 429))
async def describe_view(view_id: ViewId, service: Current) -> ViewResponse:
    """Describe a view: its document makes it known to any other server."""
    return ViewResponse(**await service.work.run(_describe, service, view_id))


@router.get(
    "/views/{view_id}/rows",
    response_class=Response,
    **described("rows", *READING, answers={200: PAGE, 204: NOTHING_LEFT, 304: NOT_MODIFIED}),
)
async def read_page(
    view_id: ViewId,
    query: Annotated[PageQuery, Query()],
    request: Request,
    service: Current,
    last_event_id: LastEventId = None,
    stall: ReaderStall = None,
) -> Response:
    """Read a page: the first `rows` positions of the lane from `start` on. The same request gives the same bytes."""
    form = Form.of(request)
    # In other formats it would change a page that caches know by its address alone.
    last = last_event_id if form.media_type == EVENTS else None
    return await service.work.run(_page, service, view_id, query, last, stall, form, request)


@router.post(
    "/views/{view_id}/rows",
    response_class=Response,
    **described(
        "picked",
        *(400, 404, 406, 409, 412, 413, 415, 429),
        answers={200: PICKED},
        requestBody=json_body(RowsRequest, ROWS_BODY),
    ),
)
async def read_rows(
    view_id: ViewId, query: Annotated[CursorQuery, Query()], request: Request, service: Current
) -> Response:
    """Read any positions of an epoch, in the order of the request: for samplers and map-style data sets."""
    form = Form.of(request)
    body = await read_json(request)
    return await service.work.run(_picked, service, view_id, query, body, form)


@router.get(
    "/views/{view_id}/stream",
    response_class=Response,
    **described("stream", *READING, answers={200: STREAM, 204: NOTHING_LEFT}),
)
async def stream_view(
    view_id: ViewId,
    query: Annotated[StreamQuery, Query()],
    request: Request,
    service: Current,
    last_event_id: LastEventId = None,
) -> Response:
    """Stream the lane from `start` to the epoch's end, for `max_seconds` at most; the end frame has the next cursor."""
    form = Form.of(request)
    return await _stream(service, view_id, query, last_event_id, form, request)


@router.get(
    "/corpora/{name}/stream",
    response_class=Response,
    **described("corpus_stream", *READING, answers={200: STREAM, 204: NOTHING_LEFT}),
)
async def stream_corpus(
    name: CorpusName,
    query: Annotated[CorpusStreamQuery, Query()],
    request: Request,
    service: Current,
    last_event_id: LastEventId = None,
) -> Response:
    """Make the view that the parameters describe and stream it; a cursor goes on with its own view."""
    form = Form.of(request)
    view_id = chosen_view(query, last_event_id)
    if view_id is None:
        view_id = await service.work.run(_view_of, service, name, query)
    return await _stream(service, view_id, query, last_event_id, form, request)


async def _stream(
    service: Service, view_id: str, query: StreamQuery, last: str | None, form: Form, request: Request
) -> Response:
    source = await service.work.run(_source, service, view_id)
    place = Place.of(query, view_id, last)
    if last and place.is_past(source.rows):
        return delivery.nothing_left()
    if head.wanted(request):
        return streaming.head(form)
    return await streaming.stream(source, place, query.max_seconds, form, service)


def _create(service: Service, body: bytes) -> tuple[dict[str, Any], bool]:
    request = parse(ViewRequest, body)
    with moved("/pipeline"):
        view, created = service.workspace.create_view(request)
    return _describe(service, view.view_id), created


def _describe(service: Service, view_id: str) -> dict[str, Any]:
    source = _source(service, view_id)
    return {"view_id": view_id, "rows": source.rows, "view": source.view.document()}


def _page(
    service: Service,
    view_id: str,
    query: PageQuery,
    last: str | None,
    stall: str | None,
    form: Form,
    request: Request,
) -> Response:
    source = _source(service, view_id)
    place = Place.of(query, view_id, last)
    service.metrics.stalls.tell(view_id, place.lane, stall)
    if last and place.is_past(source.rows):
        return delivery.nothing_left()
    return delivery.page(source, place, query.rows, form, request.headers)


def _picked(service: Service, view_id: str, query: CursorQuery, body: bytes, form: Form) -> Response:
    source, request = _source(service, view_id), parse(RowsRequest, body)
    positions = np.array(request.positions, np.int64)
    return delivery.picked(source, epoch_of(query, request, view_id), positions, form)


def _source(service: Service, view_id: str) -> LocalSource:
    if not VIEW_ID.fullmatch(view_id):
        raise UnknownView(f"No view has the id {view_id[:100]!r}: ids have 32 hexadecimal digits.")
    return service.workspace.source(view_id)


def _view_of(service: Service, name: str, query: CorpusStreamQuery) -> str:
    """The id of the view that the parameters describe. Raises UnknownCorpus or InvalidInput."""
    fields = query.model_dump(include={"seed", "copies", "shuffle"})
    original = False if query.include_original == "false" else query.include_original
    with moved("pipeline"):
        pipeline = _pipeline(query.pipeline)
        view, _ = service.workspace.create_view(
            {"corpus": name, "pipeline": pipeline, "include_original": original, **fields}
        )
    return view.view_id


def _pipeline(text: str) -> Any:
    """A pipeline in a query: JSON where it looks like JSON, else a preset's name."""
    if not text.lstrip().startswith(("{", '"')):
        return text
    try:
        return from_json(text)
    except ValueError as error:
        raise InvalidPipeline(f"The pipeline is not JSON: {error}.") from None
