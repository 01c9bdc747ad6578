"""Clients in other languages, by HTTP alone: exactly the rows of an epoch, over a network that cuts them off."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
ROWS = 12_000
TEXTS = [
    'It said "no" \\ twice.',
    "A tab\tand a line\nbreak.",
    "naïve café — 😀",
    "one\u2028two\u2029three\x85four",
    "\x01\x7f",
    "",
]


class Cutting:
    """A proxy that cuts a connection each time that the answers have grown by the next of some numbers of bytes."""

    def __init__(self, port: int, cuts: list[int]) -> None:
        self._upstream, self._cuts = port, cuts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._upstream)) as server:
            back = threading.Thread(target=_forward, args=(client, server, [10**12]), daemon=True)
            back.start()
            _forward(server, client, self._cuts)
            back.join()


def _forward(source: socket.socket, target: socket.socket, cuts: list[int]) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(min(cuts[0], 65_536) if cuts else 65_536):
            target.sendall(data)
            if cuts:
                cuts[0] -= len(data)
            if cuts and not cuts[0]:
                cuts.pop(0)
                break
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def cutting(server: Any) -> Iterator[Callable[[list[int]], str]]:
    """Makes proxies before the real server."""
    proxies: list[Cutting] = []

    def cutting(cuts: list[int]) -> str:
        proxies.append(Cutting(server.port, cuts))
        return proxies[-1].url

    yield cutting
    for proxy in proxies:
        proxy.close()


@pytest.fixture(scope="module")
def expected(server: Any) -> list[dict[str, Any]]:
    """The rows of epoch 1 of a corpus of awkward texts, asked for in the ordinary way."""
    texts = [f"{TEXTS[n % len(TEXTS)]} A good story of {n} words." for n in range(ROWS)]
    lines = "".join(json.dumps({"label": n % 2, "text": text}) + "\n" for n, text in enumerate(texts))
    url, media = f"{server.url}/corpora/awkward", {"Content-Type": "application/x-ndjson"}
    httpx.put(url, content=lines.encode(), headers=media).raise_for_status()
    body = httpx.get(f"{url}/stream?seed=5&epoch=1", timeout=60).raise_for_status().text
    return [json.loads(line) for line in body.split("\n")[:-2]]


def _rows(url: str, *command: str) -> tuple[list[dict[str, Any]], str]:
    done = subprocess.run(
        command, env=os.environ | {"AUGSVC_URL": url}, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]], done.stderr


CUTS = [[], [50_000], [3_000, 30_000, 60_000, 9_000]]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("cuts", CUTS, ids=len)
def test_curl_gets_every_row_once(
    expected: list[dict[str, Any]], cutting: Callable[[list[int]], str], cuts: list[int]
) -> None:
    rows, told = _rows(cutting(list(cuts)), "bash", str(EXAMPLES / "stream.sh"), "awkward", "5", "1")
    assert rows == expected
    assert told.count("curl: ") >= len(cuts)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: apt-get install nodejs")
@pytest.mark.parametrize("pages", [(), ("--pages",)], ids=["events", "pages"])
@pytest.mark.parametrize("cuts", CUTS, ids=len)
def test_node_gets_every_row_once(
    expected: list[dict[str, Any]], cutting: Callable[[list[int]], str], cuts: list[int], pages: tuple[str, ...]
) -> None:
    arguments = ("awkward", "--seed", "5", "--epoch", "1", *pages)
    rows, told = _rows(cutting(list(cuts)), "node", str(EXAMPLES / "stream.mjs"), *arguments)
    assert rows == expected
    assert told.count("from v1.") >= len(cuts)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(
    ("corpus", "column", "told"), [("awkward", "_row", "not those that were sent"), ("nothing", "text", "404")]
)
@pytest.mark.usefixtures("expected")
def test_curl_s_script_fails_where_it_should(server: Any, corpus: str, column: str, told: str) -> None:
    # the checksum covers the text column: over another it cannot come out right
    command = ["bash", str(EXAMPLES / "stream.sh"), corpus, "5", "1", column]
    environment = os.environ | {"AUGSVC_URL": server.url}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode != 0
    assert told in done.stderr
