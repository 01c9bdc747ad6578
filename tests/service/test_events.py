"""Server-sent events from a real server: an EventSource that loses its connection goes on where it was."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augsvc.wire import ARROW, EVENTS, NDJSON
from tests.eventsource import Event, EventSource

ROWS = 3_000
SSE = {"Accept": EVENTS}


@pytest.fixture(scope="module")
def view(server: Any) -> dict[str, Any]:
    """A view of 3,000 lines on the real server."""
    lines = b"".join(b"Event number %d tells a good story.\n" % n for n in range(ROWS))
    upload = httpx.put(f"{server.url}/corpora/events", content=lines, headers={"Content-Type": "text/plain"})
    upload.raise_for_status()
    made = httpx.post(f"{server.url}/views", json={"corpus": "events", "seed": 11}, timeout=60)
    document: dict[str, Any] = made.raise_for_status().json()
    return document


@pytest.fixture(scope="module")
def path(server: Any, view: dict[str, Any]) -> str:
    """Where the view's rows are."""
    return f"{server.url}/views/{view['view_id']}"


def _rows(events: list[Event]) -> list[dict[str, Any]]:
    return [json.loads(event.data) for event in events if event.type == "rows"]


def _lines(url: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of the same answer in NDJSON."""
    body = httpx.get(url, params=params, headers={"Accept": NDJSON}, timeout=60).raise_for_status().text
    return [json.loads(line) for line in body.splitlines()[:-1]]


def test_events_hold_the_rows_and_the_end_of_ndjson(path: str) -> None:
    for query in ("/stream?epoch=2", "/rows?epoch=2&start=5&rows=100", "/stream?start=99999"):
        answer = httpx.get(path + query, headers=SSE, timeout=60)
        *rows, end = EventSource().feed(answer.content)
        plain = httpx.get(path + query, timeout=60).text.splitlines()
        assert [event.data for event in [*rows, end]] == plain
        assert (end.type, answer.headers["content-type"].partition(";")[0]) == ("end", EVENTS)
        assert answer.headers["vary"] == "Accept, Accept-Encoding, Last-Event-ID"


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("lane", [None, "1:2:5", "0:3:4:100"])
@given(cuts=st.lists(st.integers(0, 100_000), max_size=12))
@settings(max_examples=5)
def test_an_event_source_cut_anywhere_goes_on_with_the_next_row(
    path: str, lane: str | None, coding: str, cuts: list[int]
) -> None:
    params = {"epoch": 1, "start": 100} | ({"lane": lane} if lane else {})
    headers = SSE | {"Accept-Encoding": coding}
    events: list[Event] = []
    for most in [*cuts, 10**9, 10**9]:
        answer = _cut(f"{path}/stream", params, headers, most)
        if answer is None:
            break
        events += answer
        headers |= {"Last-Event-ID": events[-1].id} if events else {}
    assert answer is None
    assert _rows(events) == _lines(f"{path}/stream", **params)
    assert events[-1].type == "end"


def _cut(url: str, params: dict[str, Any], headers: dict[str, str], most: int) -> list[Event] | None:
    """The events in the first so many bytes of an answer, whose connection is then cut; None where it stops us."""
    source, events = EventSource(), list[Event]()
    with httpx.stream("GET", url, params=params, headers=headers, timeout=60) as answer:
        if answer.status_code == 204:
            return None
        for chunk in answer.raise_for_status().iter_bytes():
            events += source.feed(chunk[:most])
            most -= len(chunk)
            if most <= 0:
                break
    return events


def test_the_last_event_goes_before_the_cursor_and_chooses_the_view_of_a_corpus_stream(
    server: Any, view: dict[str, Any], path: str
) -> None:
    last = SSE | {"Last-Event-ID": f"v1.{view['view_id']}.3.2990"}
    expected = _lines(f"{path}/stream", epoch=3, start=2_990)
    for url in (f"{path}/stream", f"{path}/rows", f"{server.url}/corpora/events/stream?seed=5"):
        answer = httpx.get(url, params={"cursor": f"v1.{view['view_id']}.0.7"}, headers=last, timeout=60)
        assert _rows(EventSource().feed(answer.content)) == expected


@pytest.mark.parametrize("call", ["stream", "rows"])
@pytest.mark.parametrize(("place", "lane", "status"), [(2_999, "", 200), (3_000, "", 204), (2_999, "0:1:2", 204)])
def test_nothing_left_stops_an_event_source(
    view: dict[str, Any], path: str, call: str, place: int, lane: str, status: int
) -> None:
    params = {"lane": lane} if lane else {}
    last = f"v1.{view['view_id']}.0.{place}"
    for method in ("GET", "HEAD"):
        answer = httpx.request(method, f"{path}/{call}", params=params, headers=SSE | {"Last-Event-ID": last})
        assert answer.status_code == status
    by_cursor = httpx.get(f"{path}/{call}", params=params | {"cursor": last}, headers=SSE)
    assert by_cursor.status_code == 200


@pytest.mark.parametrize(("last", "status"), [("v1.x", 400), (f"v1.{'0' * 32}.0.0", 412), ("é", 400)])
def test_a_last_event_that_is_none_is_refused(path: str, last: str, status: int) -> None:
    headers = SSE | {"Last-Event-ID": last.encode()}
    answers = [httpx.get(f"{path}/{call}", headers=headers) for call in ("stream", "rows")]
    assert [answer.status_code for answer in answers] == [status] * 2
    assert answers[0].headers["content-type"] == "application/problem+json"
    if status == 400:
        assert answers[0].json()["errors"][0]["pointer"] == "Last-Event-ID"


@pytest.mark.parametrize("media", [NDJSON, ARROW])
def test_pages_in_other_formats_heed_no_last_event(view: dict[str, Any], path: str, media: str) -> None:
    last = {"Accept": media, "Last-Event-ID": f"v1.{view['view_id']}.0.3000"}
    answer = httpx.get(f"{path}/rows?rows=5", headers=last)
    assert answer.content == httpx.get(f"{path}/rows?rows=5", headers={"Accept": media}).content
    assert answer.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("media", [NDJSON, ARROW, EVENTS])
def test_streams_heed_the_last_event_in_every_format(server: Any, view: dict[str, Any], path: str, media: str) -> None:
    accept, params = {"Accept": media}, {"cursor": f"v1.{view['view_id']}.0.7"}
    for url in (f"{path}/stream", f"{server.url}/corpora/events/stream"):
        expected = httpx.get(f"{path}/stream?epoch=2&start=2990", headers=accept, timeout=60)
        last = accept | {"Last-Event-ID": f"v1.{view['view_id']}.2.2990"}
        answer = httpx.get(url, params=params, headers=last, timeout=60)
        assert answer.content == expected.content
        assert answer.headers["vary"] == "Accept, Accept-Encoding, Last-Event-ID"
        over = httpx.get(url, headers=accept | {"Last-Event-ID": f"v1.{view['view_id']}.2.3000"})
        other = httpx.get(f"{path}/stream", headers=accept | {"Last-Event-ID": f"v1.{'0' * 32}.2.3000"})
        assert (over.status_code, over.content, other.status_code) == (204, b"", 412)


def test_a_stream_that_ends_in_time_is_gone_on_with(path: str) -> None:
    events, headers = list[Event](), dict(SSE)
    for _ in range(5):
        answer = httpx.get(f"{path}/stream?max_seconds=0.000001", headers=headers, timeout=60)
        events += EventSource().feed(answer.content)
        headers["Last-Event-ID"] = events[-1].id
        if answer.status_code == 204:
            break
    assert answer.status_code == 204
    assert _rows(events) == _lines(f"{path}/stream")
    assert [event.type for event in events].count("end") > 1
