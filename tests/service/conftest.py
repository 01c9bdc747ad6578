"""A service in process over real ASGI, and real servers on free ports."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from augsvc.service.app import create_app
from augsvc.service.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Uvicorn runs on asyncio, so the tests do."""
    return "asyncio"


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """One application for all tests that leave nothing behind that others see."""
    return create_app(Settings(data=tmp_path_factory.mktemp("data")))


@contextlib.asynccontextmanager
async def _connected(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application, in process."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=120) as client:
        yield client


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the shared application."""
    async with _connected(app) as client:
        yield client


@pytest.fixture
def serve(tmp_path: Path) -> Callable[..., contextlib.AbstractAsyncContextManager[httpx.AsyncClient]]:
    """Makes an application of one's own, with settings of one's own, and connects to it."""
    return lambda **settings: _connected(create_app(Settings(**{"data": tmp_path, **settings})))


@pytest.fixture(scope="session")
def reviews() -> bytes:
    """500 labelled reviews, a line each."""
    texts = (f"A gripping story number {n}, told with an honest voice and good jokes." for n in range(500))
    return b"".join(b'{"text":"%b","label":%d}\n' % (text.encode(), n % 2) for n, text in enumerate(texts))


@pytest.fixture
async def view(client: httpx.AsyncClient, reviews: bytes) -> dict[str, Any]:
    """A view of the reviews with two copies each: 1,000 positions."""
    await client.put("/corpora/reviews", content=reviews, headers={"Content-Type": "application/x-ndjson"})
    answer = await client.post("/views", json={"corpus": "reviews", "seed": 7, "copies": 2})
    document: dict[str, Any] = answer.json()
    return document


class RealServer:
    """A server process on a port of its own; `url` answers once `/healthz` does."""

    def __init__(self, data: Path, **settings: object) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        given = {"port": self.port, "data": data, **settings}
        environment = {f"AUGSVC_{name.upper()}": str(value) for name, value in given.items()}
        code = "from augsvc.service.server import run; from augsvc.service.settings import Settings; run(Settings())"
        self.log = data / "server.log"
        data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code], cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log
            )

    def wait(self, path: str = "/healthz", seconds: float = 120) -> RealServer:
        """Until the path answers 200."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(self.url + path).status_code == 200:
                    return self
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def stop(self, signum: int = signal.SIGTERM) -> int:
        """Signal it and return its exit status."""
        self.process.send_signal(signum)
        return self.process.wait(timeout=30)


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., RealServer]]:
    """Starts servers; all are killed in the end."""
    servers: list[RealServer] = []

    def start(data: Path | None = None, **settings: object) -> RealServer:
        servers.append(RealServer(data or tmp_path_factory.mktemp("served"), **settings))
        return servers[-1].wait()

    yield start
    for server in servers:
        server.process.kill()
        server.process.wait()


@pytest.fixture(scope="session")
def server(start: Callable[..., RealServer]) -> RealServer:
    """One real server for all tests that only need a socket."""
    return start()
