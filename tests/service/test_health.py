"""/healthz, /readyz and the page."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from augsvc.errors import Unavailable
from augsvc.service.app import create_app
from augsvc.service.settings import Settings
from augsvc.service.warmth import Progress, Warmth

pytestmark = pytest.mark.anyio


async def test_a_server_is_healthy_before_it_is_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["kernels"].keys() == {"done", "total", "current"}


def test_warmth_tells_how_far_it_is() -> None:
    halfway, go_on = threading.Event(), threading.Event()

    def warm(progress: Progress) -> None:
        progress("scan", 1, 2)
        halfway.set()
        go_on.wait()

    warmth = Warmth(warm)
    warmth.start()
    halfway.wait()
    with pytest.raises(Unavailable, match="1 of 2") as refused:
        warmth.check()
    assert refused.value.extra == {"kernels": {"done": 1, "total": 2, "current": "scan"}}
    go_on.set()
    warmth.join()
    warmth.check()


def test_a_failure_to_warm_up_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def warm(progress: Progress) -> None:
        raise OSError("no compiler")

    warmth = Warmth(warm)
    warmth.start()
    warmth.join()
    with pytest.raises(Unavailable, match="could not be compiled"):
        warmth.check()
    assert "no compiler" in caplog.text


async def test_the_lifespan_warms_the_kernels_and_drains_at_the_end(tmp_path: Path) -> None:
    app: FastAPI = create_app(Settings(data=tmp_path))
    service = app.state.service
    async with app.router.lifespan_context(app):
        service.warmth.join()
        service.check_ready()
    with pytest.raises(Unavailable, match="stopping"):
        service.check_ready()


async def test_the_page_names_the_calls_and_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "/augment" in answer.text
    assert "://" not in answer.text
