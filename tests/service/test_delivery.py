"""Places, pages and streams of a view, without HTTP."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers

from augsvc.errors import BadRequest, CursorMismatch, InvalidInput
from augsvc.order import Lane
from augsvc.service.delivery import page
from augsvc.service.forms import Form
from augsvc.service.places import Place
from augsvc.service.schemas import PageQuery, PlaceQuery
from augsvc.service.streaming import Rows
from augsvc.types import JsonObject
from augsvc.views import LocalSource, Workspace
from augsvc.wire import ARROW, NDJSON

VIEW = "0123456789abcdef" * 2
PLAIN = Form(NDJSON, "identity")
FRAMES = Form(ARROW, "identity")
ROWS = 300


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> LocalSource:
    """A view of 300 good lines, two copies each."""
    workspace = Workspace(tmp_path_factory.mktemp("data"))
    lines = b"".join(b"Line %d tells a good story of an old house.\n" % n for n in range(ROWS))
    workspace.corpora.put("lines", io.BytesIO(lines), "text/plain")
    view, _ = workspace.create_view({"corpus": "lines", "copies": 2, "seed": 3})
    return workspace.source(view.view_id)


@pytest.fixture(scope="module")
def whole(source: LocalSource) -> list[JsonObject]:
    """Every row of epoch 5."""
    rows = Rows(source, Place(5, 0, Lane()), 300, lambda: False)
    return _lines(b"".join(rows.chunks(PLAIN)))[0]


def _lines(body: bytes) -> tuple[list[JsonObject], str | None]:
    *rows, end = map(json.loads, body.splitlines())
    assert end["_end"]["rows"] == len(rows)
    return rows, end["_end"]["next"]


def test_a_cursor_replaces_epoch_and_start() -> None:
    query = PlaceQuery(epoch=1, start=2, lane="1:2:4", cursor=f"v1.{VIEW}.8.9")
    assert Place.of(query, VIEW) == Place(8, 9, Lane(1, 2, 4))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"cursor": f"v1.{VIEW[::-1]}.0.0"}, CursorMismatch),
        ({"cursor": "v2"}, BadRequest),
        ({"lane": "1:2"}, BadRequest),
        ({"lane": "0:1:2:10", "start": 9}, InvalidInput),
        ({"lane": "0:1:2:10", "cursor": f"v1.{VIEW}.0.9"}, InvalidInput),
    ],
)
def test_a_place_that_is_none_is_refused(fields: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        Place.of(PlaceQuery(**fields), VIEW)


def test_the_longest_page_is_no_longer_than_documented() -> None:
    assert PageQuery(rows=65_536).rows == 65_536


lanes = st.integers(1, 40).flatmap(
    lambda total: st.integers(0, total - 1).flatmap(
        lambda offset: st.tuples(st.just(offset), st.integers(1, total - offset), st.just(total), st.integers(0, 700))
    )
)


@given(lanes, st.integers(0, 700), st.integers(1, 700))
@settings(max_examples=60, deadline=None)
def test_any_page_is_that_part_of_the_whole(
    source: LocalSource, whole: list[JsonObject], lane: tuple[int, int, int, int], ahead: int, rows: int
) -> None:
    place = Place(5, lane[3] + ahead, Lane(*lane))
    answer = page(source, place, rows, PLAIN, Headers())
    found, after = _lines(bytes(answer.body))
    expected = [whole[g] for g in place.lane.positions(place.start, rows, 2 * ROWS)]
    left = place.lane.count(expected[-1]["_position"] + 1, 2 * ROWS) if expected else 0
    assert found == expected
    assert (after is not None) == (left > 0)
    assert answer.headers.get("augsvc-next") == after


@given(st.integers(2 * ROWS, 2**63 - 1))
@settings(max_examples=30, deadline=None)
def test_a_page_beyond_the_end_is_empty(source: LocalSource, start: int) -> None:
    body = bytes(page(source, Place(5, start, Lane()), 10, PLAIN, Headers()).body)
    assert _lines(body) == ([], None)


def test_a_server_that_stops_ends_its_streams_with_a_cursor(
    source: LocalSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("augsvc.service.streaming.FIRST_ROWS", 100)
    rows = Rows(source, Place(0, 0, Lane()), 300, lambda: True)
    found, after = _lines(b"".join(rows.chunks(PLAIN)))
    assert len(found) == 100
    assert after == f"v1.{source.view_id}.0.100"


def test_a_tag_that_the_client_has_costs_no_page(source: LocalSource) -> None:
    first = page(source, Place(0, 0, Lane()), 10, FRAMES, Headers())
    again = page(source, Place(0, 0, Lane()), 10, FRAMES, Headers({"If-None-Match": first.headers["etag"]}))
    anything = page(source, Place(0, 0, Lane()), 10, FRAMES, Headers({"If-None-Match": "*"}))
    assert [answer.status_code for answer in (first, again, anything)] == [200, 304, 304]
    assert again.body == b""
