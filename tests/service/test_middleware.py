"""Envelope, HEAD and body limits, each around a small application."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from augsvc.service.envelope import Envelope
from augsvc.service.head import Head
from augsvc.service.limits import BodyLimit

pytestmark = pytest.mark.anyio


async def _request(app: ASGIApp, method: str = "GET", path: str = "/", **options: object) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, path, **options)  # type: ignore[arg-type]


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(f"{scope['method']} {len(body)}")(scope, receive, send)


async def _broken(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("secret")


async def test_a_request_gets_an_id_and_keeps_a_decent_one_of_its_own() -> None:
    fresh = await _request(Envelope(_echo))
    kept = await _request(Envelope(_echo), headers={"X-Request-ID": "job-7.a"})
    replaced = await _request(Envelope(_echo), headers={"X-Request-ID": "a b"})
    assert len(fresh.headers["x-request-id"]) == len(replaced.headers["x-request-id"]) == 16
    assert kept.headers["x-request-id"] == "job-7.a"


async def test_an_unexpected_failure_is_a_problem_without_its_cause(caplog: pytest.LogCaptureFixture) -> None:
    answer = await _request(Envelope(_broken))
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text
    assert "secret" in caplog.text
    assert answer.json()["request_id"] in caplog.text


async def test_a_failure_after_the_first_byte_is_raised_on() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"first"
        raise RuntimeError("broken half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        await _request(Envelope(StreamingResponse(chunks())))


async def test_a_client_that_goes_away_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    async def gone(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("")(scope, receive, send)
        raise ClientDisconnect

    with caplog.at_level(logging.INFO):
        await _request(Envelope(gone))
    assert [record.levelname for record in caplog.records if record.name == "augsvc.service"] == ["INFO"]


async def test_head_has_the_headers_of_get_and_no_body() -> None:
    answer = await _request(Head(_echo), "HEAD")
    assert answer.headers["content-length"] == "5"
    assert answer.content == b""


async def test_head_of_a_stream_computes_nothing() -> None:
    taken: list[int] = []

    async def chunks() -> AsyncIterator[bytes]:
        taken.append(1)
        yield b"x"

    assert (await _request(Head(StreamingResponse(chunks())), "HEAD")).status_code == 200
    assert taken == []


@pytest.mark.parametrize(("path", "size", "status"), [("/", 10, 200), ("/", 11, 413), ("/corpora/a", 11, 200)])
async def test_bodies_are_limited_by_length_told_and_by_length_sent(path: str, size: int, status: int) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(size):
            yield b"x"

    app = Envelope(BodyLimit(_echo, body_bytes=10, corpus_bytes=20))
    told = await _request(app, "PUT", path, content=b"x" * size)
    assert told.status_code == status
    if status == 200:
        assert (await _request(app, "PUT", path, content=chunks())).status_code == 200
    else:
        assert told.json()["code"] == "too_large"
