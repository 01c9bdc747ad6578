"""Finite answers of a view's rows: pages that any cache may keep for ever, and rows by position."""

from __future__ import annotations

import hashlib
import json

from starlette.datastructures import Headers
from starlette.responses import Response

from augsvc.order import Cursor
from augsvc.service.forms import Form
from augsvc.service.places import Place
from augsvc.types import Int64s
from augsvc.views import Page, Source

IMMUTABLE = "public, max-age=31536000, immutable"


def page(source: Source, place: Place, rows: int, form: Form, headers: Headers) -> Response:
    """One page with its ETag, or 304 where the client has it; the same request gives the same bytes for ever."""
    etag = _etag(source.view_id, place, rows, form)
    fixed = {"ETag": etag, "Cache-Control": IMMUTABLE, **form.headers()}
    if _matches(headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=fixed)
    found = source.page(place.epoch, place.start, rows, place.lane)
    if found.next is not None:
        fixed["Augsvc-Next"] = str(Cursor(source.view_id, place.epoch, found.next))
    return Response(_written(source, place.epoch, place.start, found, form), 200, fixed, form.media_type)


def picked(source: Source, epoch: int, positions: Int64s, form: Form) -> Response:
    """These positions of an epoch, in their order. Raises InvalidInput or TooLarge."""
    found = source.pick(epoch, positions)
    headers = {"Cache-Control": "no-store", **form.headers()}
    return Response(_written(source, epoch, 0, found, form), 200, headers, form.media_type)


def nothing_left() -> Response:
    """What stops an EventSource, which would ask again for ever."""
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _written(source: Source, epoch: int, start: int, page: Page, form: Form) -> bytes:
    return b"".join(form.chunks(source, epoch, start, [page.table], lambda: page.next))


def _etag(view_id: str, place: Place, rows: int, form: Form) -> str:
    named = [*form.versions, view_id, place.epoch, place.start, rows, str(place.lane)]
    return f'"{hashlib.sha256(json.dumps(named).encode()).hexdigest()[:32]}"'


def _matches(header: str, etag: str) -> bool:
    """Whether If-None-Match names the tag; weak comparison, RFC 9110, section 13.1.2."""
    return header.strip() == "*" or etag in (item.strip().removeprefix("W/") for item in header.split(","))
