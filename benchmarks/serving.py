"""A real server process for the time of a benchmark."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

READY_SECONDS = 150


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The address of `augsvc serve` on a data directory, once its kernels are compiled; it is gone after the block."""
    with server(data) as (url, _):
        yield url


@contextmanager
def server(data: Path) -> Iterator[tuple[str, int]]:
    """The same with the number of its process."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", data / "server.log"
    command = [str(Path(sys.executable).with_name("augsvc")), "serve", "--port", str(port), "--data", str(data)]
    with log.open("ab") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            _wait(url, process, log)
            yield url, process.pid
        finally:
            process.terminate()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"the server did not start:\n{log.read_text()}")
