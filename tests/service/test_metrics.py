"""What `/metrics` tells is what happened: by route, in rows and bytes, by stage, and of whom it was told."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from augsvc.client import AsyncClient, Stall
from augsvc.errors import AugsvcError
from augsvc.order import Lane
from augsvc.service.envelope import Envelope
from augsvc.service.metrics import STAGES, Measured, Metrics
from augsvc.service.stalls import CLIENT_SECONDS, MAX_CLIENTS, Stalls
from augsvc.wire import ARROW, EVENTS, NDJSON

pytestmark = pytest.mark.anyio

Series = dict[tuple[str, ...], float]
VIEW = "0123456789abcdef0123456789abcdef"


def _series(text: str, name: str) -> Series:
    """A family's samples by the values of their labels, in the order of the labels' names."""
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {tuple(value for _, value in sorted(s.labels.items())): s.value for s in samples if s.name == name}


async def _told(client: httpx.AsyncClient, name: str) -> Series:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    return _series(answer.text, name)


async def test_requests_are_counted_by_the_template_of_their_route(serve: Any, reviews: bytes) -> None:
    async with serve(max_body_bytes=1_000) as client:
        await client.put("/corpora/a", content=reviews, headers={"Content-Type": NDJSON})
        for name in ("a", "b", "c"):
            await client.get(f"/corpora/{name}")
        await client.head("/corpora/a")
        await client.post("/ops")
        await client.request("BREW", "/ops")
        await client.get("/nothing/here")
        await client.post("/augment", json={"texts": ["A calm day."]})
        await client.post("/augment", content=b"[" * 1_001)
        found = await _told(client, "augsvc_http_requests_total")
        durations = await _told(client, "augsvc_http_request_duration_seconds_count")
    assert found == {
        ("PUT", "/corpora/{name}", "201"): 1,
        ("GET", "/corpora/{name}", "200"): 1,
        ("GET", "/corpora/{name}", "404"): 2,
        ("HEAD", "/corpora/{name}", "200"): 1,
        ("POST", "/ops", "405"): 1,
        ("other", "/ops", "405"): 1,
        ("GET", "none", "404"): 1,
        ("POST", "/augment", "200"): 1,
        ("POST", "none", "413"): 1,
    }
    assert durations["GET", "/corpora/{name}"] == 3


@pytest.mark.parametrize("media", [NDJSON, ARROW, EVENTS])
async def test_rows_and_the_bytes_of_their_texts_are_counted_by_route(serve: Any, media: str) -> None:
    texts = [f"Der müde Hund Nummer {n} schläft, the tired dog sleeps." for n in range(300)]
    async with serve() as client:
        await client.put("/corpora/a", content="\n".join(texts).encode(), headers={"Content-Type": "text/plain"})
        view = (await client.post("/views", json={"corpus": "a"})).json()["view_id"]
        rows = [row["text"] for row in (await _lines(client, f"/views/{view}/stream"))]
        accept = {"Accept": media}
        await client.get(f"/views/{view}/rows?rows=100", headers=accept)
        await client.get(f"/views/{view}/rows?start=500", headers=accept)
        await client.post(f"/views/{view}/rows", json={"positions": [7, 7]}, headers=accept)
        found, sizes = [await _told(client, f"augsvc_{name}_total") for name in ("rows", "text_bytes")]
    expected = {("/views/{view_id}/stream",): rows, ("/views/{view_id}/rows",): [*rows[:100], rows[7], rows[7]]}
    assert found == {route: len(part) for route, part in expected.items()}
    assert sizes == {route: len("".join(part).encode()) for route, part in expected.items()}


async def _lines(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (await client.get(path)).text.splitlines()[:-1]]


async def test_texts_that_were_posted_are_counted(serve: Any) -> None:
    async with serve() as client:
        body = {"texts": ["Ein müder Hund, a tired dog."] * 40, "copies": 3}
        answer = (await client.post("/augment", json=body)).json()
        found = [await _told(client, f"augsvc_{name}_total") for name in ("rows", "text_bytes")]
    texts = [result["text"] for result in answer["results"]]
    assert found == [{("/augment",): 120}, {("/augment",): len("".join(texts).encode())}]


async def test_every_stage_is_there_and_all_sum_to_no_more_than_what_requests_took(serve: Any, reviews: bytes) -> None:
    async with serve() as client:
        before = await _told(client, "augsvc_stage_seconds_total")
        await client.put("/corpora/a", content=reviews, headers={"Content-Type": NDJSON})
        await client.post("/augment", json={"texts": ["A calm day."]})
        await client.get("/corpora/a/stream")
        after = await _told(client, "augsvc_stage_seconds_total")
        durations = await _told(client, "augsvc_http_request_duration_seconds_sum")
    assert before == {(stage,): 0 for stage in STAGES}
    assert all(after[stage,] > 0 for stage in STAGES)
    assert sum(after.values()) <= sum(durations.values())


async def test_uploads_are_counted_with_what_they_brought(serve: Any) -> None:
    async with serve() as client:
        lines = b'{"text": "A calm day."}\n{"text": null}\n{"text": "A long night."}\n'
        await client.put("/corpora/a?on_bad=skip", content=lines, headers={"Content-Type": NDJSON})
        await client.put("/corpora/a", content=lines, headers={"Content-Type": NDJSON})
        names = ("uploads", "upload_bytes", "upload_rows", "upload_skipped_rows")
        found = [(await _told(client, f"augsvc_{name}_total"))[()] for name in names]
    assert found == [1, len(lines), 2, 1]


async def test_refusals_are_counted_and_a_probe_that_is_told_to_wait_is_none(serve: Any) -> None:
    async with serve(concurrency=1) as client:
        service = client._transport.app.state.service
        assert await _told(client, "augsvc_refusals_total") == {("429",): 0, ("503",): 0}
        with service.work.taken():
            assert (await client.post("/augment", json={"texts": []})).status_code == 429
            assert (await client.get("/metrics")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        assert await _told(client, "augsvc_refusals_total") == {("429",): 1, ("503",): 0}
        assert await _told(client, "augsvc_ready") == {(): 0}
        service.warmth.start()
        service.warmth.join()
        assert await _told(client, "augsvc_ready") == {(): 1}


async def test_what_clients_wait_is_told_by_their_view_and_lane(server: Any) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http, AsyncClient(server.url) as client:
        await client.put_corpus("stalls", b"A calm day.\n" * 90, media_type="text/plain")
        view, stall = await client.create_view("stalls", seed=3), Stall()
        async for _ in client.stream(view.view_id, rows=5, lane="1:1:3", stall=stall):
            pass
        await http.get(f"/views/{view.view_id}/rows", headers={"Augsvc-Stall": "0.125"})
        found = await _told(http, "augsvc_client_stall_ratio")
    ours = {lane: share for (lane, name), share in found.items() if name == view.view_id[:8]}
    assert ours.keys() == {"1:1:3", "0:1:1"}
    assert ours["0:1:1"] == 0.125
    assert 0 <= ours["1:1:3"] <= 1


@pytest.mark.parametrize("header", ["", "x", "nan", "inf", "-0.1", "1.01", "0.5, 0.6", "é"])
async def test_a_share_that_is_none_is_passed_over(
    client: httpx.AsyncClient, view: dict[str, Any], header: str
) -> None:
    answer = await client.get(f"/views/{view['view_id']}/rows?rows=1", headers={"Augsvc-Stall": header.encode()})
    assert answer.status_code == 200
    assert (("0:1:1", view["view_id"][:8])) not in await _told(client, "augsvc_client_stall_ratio")


def _shares(stalls: Stalls) -> dict[tuple[str, ...], float]:
    return {tuple(sample.labels.values()): sample.value for family in stalls.collect() for sample in family.samples}


def test_clients_that_have_gone_are_forgotten() -> None:
    now = [0.0]
    stalls = Stalls(lambda: now[0])
    stalls.tell(VIEW, Lane(0, 1, 2), "0.5")
    stalls.tell(VIEW, Lane(1, 1, 2, 40), "0.25")
    now[0] = CLIENT_SECONDS
    stalls.tell(VIEW, Lane(0, 1, 2), "0.75")
    now[0] += 1
    assert _shares(stalls) == {("01234567", "0:1:2"): 0.75}
    now[0] += CLIENT_SECONDS
    assert _shares(stalls) == {}


def test_no_more_clients_are_told_of_than_a_server_of_series_likes() -> None:
    stalls = Stalls()
    for offset in range(1_000):
        stalls.tell(VIEW, Lane(offset, 1, 1_000), "0.5")
    assert [lane for _, lane in _shares(stalls)] == [f"{n}:1:1000" for n in range(1_000 - MAX_CLIENTS, 1_000)]


async def test_the_format_is_negotiated_and_kept_by_no_cache(client: httpx.AsyncClient) -> None:
    plain = await client.get("/metrics")
    openmetrics = await client.get("/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0"})
    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert openmetrics.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert openmetrics.text.endswith("# EOF\n")
    assert plain.headers["cache-control"] == "no-store"
    assert "_created" not in plain.text
    assert (await client.get("/metrics?name=x")).status_code == 422
    assert (await client.head("/metrics")).content == b""


async def test_applications_share_no_series(serve: Any, tmp_path: Any) -> None:
    async with serve(data=tmp_path / "a") as one, serve(data=tmp_path / "b") as other:
        await one.get("/ops")
        assert ("GET", "/ops", "200") in await _told(one, "augsvc_http_requests_total")
        assert ("GET", "/ops", "200") not in await _told(other, "augsvc_http_requests_total")
        assert await _told(one, "augsvc_build_info") == await _told(other, "augsvc_build_info")


@pytest.mark.parametrize(
    ("failure", "status"),
    [(RuntimeError("broken"), "500"), (OSError(28, "no room"), "503"), (ClientDisconnect(), "499")],
)
async def test_a_request_that_fails_is_counted_as_what_its_client_is_told(failure: Exception, status: str) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise failure

    assert await _counted(broken) == {("GET", "none", status): 1}


async def test_a_request_that_fails_in_the_middle_keeps_the_status_that_was_sent() -> None:
    async def chunks() -> Any:
        yield b"first"
        raise AugsvcError("broken half-way")

    assert await _counted(StreamingResponse(chunks())) == {("GET", "none", "200"): 1}


async def test_a_request_that_a_stopping_server_gives_up_is_unavailable() -> None:
    async def cancelled(scope: Scope, receive: Receive, send: Send) -> None:
        raise asyncio.CancelledError

    assert await _counted(cancelled) == {("GET", "none", "503"): 1}


async def _counted(app: Any) -> Series:
    """The requests that are counted of one to an application."""
    metrics = Metrics(lambda: True, "")
    transport = httpx.ASGITransport(Envelope(Measured(app, metrics=metrics)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        with contextlib.suppress(asyncio.CancelledError, AssertionError):
            await client.get("/")
    return _series(metrics.exposition("")[0].decode(), "augsvc_http_requests_total")
