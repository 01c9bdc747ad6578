"""The command line as its users meet it: in this process for speed, as a process where signals and pipes matter."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from augsvc.cli.main import main

ROOT = Path(__file__).parents[2]
AUGSVC = Path(sys.executable).with_name("augsvc")


class Outcome(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command line here."""

    def run_here(*arguments: object) -> Outcome:
        capfd.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        finally:
            sys.stdout.flush()
        return Outcome(status, *capfd.readouterr())

    return run_here


@pytest.fixture
def process() -> Run:
    """Run a command line as a process of its own, with bytes on its standard input."""

    def run_there(*arguments: object, stdin: bytes = b"") -> Outcome:
        command = [AUGSVC, *map(str, arguments)]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=240, env=environment())
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run_there


def environment(**variables: str) -> dict[str, str]:
    """This environment without the settings of a service, on a terminal of a fixed width."""
    kept = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    kept = {name: value for name, value in kept.items() if not name.startswith("AUGSVC_") or "CACHE" in name}
    return kept | {"COLUMNS": "120", "NO_COLOR": "1"} | variables


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    """A JSONL file of a dozen rows with columns of several types."""
    rows = [
        {"id": number * 7, "text": f"The old dog number {number} slept in a quiet house.", "label": "é", "n": 1.5}
        for number in range(12)
    ]
    path = tmp_path / "messages.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server with a data directory of its own."""
    folder = tmp_path_factory.mktemp("service")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with (folder / "log").open("wb") as log:
        command = [AUGSVC, "serve", "--port", str(port), "--data", str(folder / "data")]
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment())
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, server)
        yield url
    finally:
        server.terminate()
        assert server.wait(timeout=30) == 0


def wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers that it is ready, at most as long as kernels take to compile."""
    for _ in range(1200):
        assert server.poll() is None, "the server ended"
        try:
            if httpx.get(f"{url}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError(url)


@pytest.fixture(scope="session")
def augsvc_command() -> list[str]:
    """The command as the first words of a process's arguments."""
    return [str(AUGSVC)]
