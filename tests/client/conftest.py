from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from augsvc.client import Client

ROOT = Path(__file__).parents[2]
NOTES = b"".join(
    b'{"text": "Note %d: the tired dog walked home and slept happily.", "label": %d}\n' % (i, i % 5) for i in range(403)
)
CODE = "from augsvc.service.server import run; from augsvc.service.settings import Settings; run(Settings())"


class Server:
    """A real server process over a data directory."""

    def __init__(self, data: Path, port: int = 0) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            self.port = probe.getsockname()[1]
        self.url, self.data = f"http://127.0.0.1:{self.port}", data
        environment = os.environ | {"AUGSVC_PORT": str(self.port), "AUGSVC_DATA": str(data)}
        with (data / "server.log").open("ab") as log:
            command = [sys.executable, "-c", CODE]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    def ready(self) -> Server:
        """Wait until its kernels are compiled."""
        end = time.monotonic() + 120
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz").is_success:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError((self.data / "server.log").read_text())

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def start():
    """Starts servers that are ready; kills what is left of them in the end."""
    servers: list[Server] = []

    def start(data: Path, port: int = 0) -> Server:
        servers.append(Server(data, port))
        return servers[-1].ready()

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def server(start, tmp_path_factory):
    """A server with the corpus `notes`: 403 different sentences with labels."""
    server = start(tmp_path_factory.mktemp("served"))
    with Client(server.url) as client:
        client.put_corpus("notes", NOTES, media_type="application/x-ndjson")
    return server


@pytest.fixture(autouse=True)
def first(monkeypatch):
    """Clients begin with the first of their replicas."""
    monkeypatch.setattr("augsvc.client.replicas.randbelow", lambda count: 0)


@pytest.fixture
def notes():
    """The file of the corpus `notes`."""
    return NOTES


@pytest.fixture
def client(server):
    with Client(server.url) as client:
        yield client


@pytest.fixture
def broken():
    """Makes servers that answer each connection with the next of some raw bytes, hang up, and are gone after these."""
    listeners: list[socket.socket] = []

    def broken(*answers: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        if answers:
            threading.Thread(target=answer, args=(listener, answers), daemon=True).start()
        else:
            listener.close()
        return url

    def answer(listener: socket.socket, answers: tuple[bytes, ...]) -> None:
        for raw in answers:
            try:
                connection, _ = listener.accept()
            except OSError:  # the test is over
                return
            with connection:
                connection.recv(65_536)
                connection.sendall(raw)
        listener.close()

    yield broken
    for listener in listeners:
        listener.close()
