"""What a client pays for each row that it reads, over httpx's transport and over `http.client`.

`python benchmarks/client.py [--rows 262144] [--rounds 5]`: one to two minutes. A server process on this machine sends
rows of 100 bytes of running English, unchanged, in Arrow; the contenders take turns, and the CPU time is that of the
client's process alone. *Transport* takes the bytes of pages of 16,384 rows, *page* also verifies and decodes them,
*stream* reads pages that grow to that length ahead by threads.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import track
from table import print_table
from text import documents

from augsvc.client import Client
from augsvc.client.answers import ARROW
from augsvc.client.transports import HttpClientTransport

PAGE_ROWS = 16_384
ROW_BYTES = 100
NOTHING = {"ops": [{"type": "synonym", "rate": 0}]}
CODE = "from augsvc.service.server import run; from augsvc.service.settings import Settings; run(Settings())"
TRANSPORTS: dict[str, Callable[[], httpx.BaseTransport]] = {
    "http.client": HttpClientTransport,
    "httpx": httpx.HTTPTransport,
}
AIM = "<= .5"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=16 * PAGE_ROWS, help="rows of the corpus (default: 262144)")
    parser.add_argument("--rounds", type=int, default=5, help="epochs per figure (default: 5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data, Console(stderr=True) as console, _server(Path(data)) as url:
        with console.status("registering the corpus"), Client(url) as client:
            client.put_corpus("rows", _corpus(options.rows), media_type="text/plain")
            view_id = client.create_view("rows", NOTHING, shuffle="none").view_id
        figures: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for _ in track(range(options.rounds + 1), "reading epochs", console=console):
            for name, make in TRANSPORTS.items():
                for what, read in (("transport", _transport), ("page", _pages), ("stream", _stream)):
                    figures.setdefault((what, name), []).append(_timed(read, url, make(), view_id, options.rows))
    print_table("Reading rows of 100 bytes, CPU time of the client", ("", *TRANSPORTS, "aim"), _table(figures))


def _table(figures: dict[tuple[str, str], list[tuple[float, float]]]) -> Iterator[tuple[str, ...]]:
    for what in ("transport", "page", "stream"):
        # the first round pays for imports and for the server's first computation
        found = [
            [statistics.median(column) for column in zip(*figures[what, name][1:], strict=True)] for name in TRANSPORTS
        ]
        yield (f"{what}, CPU µs a row", *(f"{cpu:.3f}" for cpu, _ in found), "" if what == "transport" else AIM)
        yield (f"{what}, thousand rows a second", *(f"{1e3 / wall:.0f}" for _, wall in found), "")


def _timed(
    read: Callable[[Client, str, str, int], int], url: str, transport: httpx.BaseTransport, view_id: str, rows: int
) -> tuple[float, float]:
    """CPU and wall time in µs a row."""
    with Client(url, transport=transport) as client:
        client.ops()
        wall, cpu = time.perf_counter(), time.process_time()
        if read(client, url, view_id, rows) != rows:
            sys.exit("rows are missing")
        return (time.process_time() - cpu) / rows * 1e6, (time.perf_counter() - wall) / rows * 1e6


def _transport(client: Client, url: str, view_id: str, rows: int) -> int:
    for start in range(0, rows, PAGE_ROWS):
        params = {"epoch": 0, "start": start, "rows": PAGE_ROWS}
        client._http.get(f"{url}/views/{view_id}/rows", params=params, headers=ARROW).raise_for_status()  # noqa: SLF001
    return rows


def _pages(client: Client, _: str, view_id: str, rows: int) -> int:
    return sum(client.page(view_id, start=start).table.num_rows for start in range(0, rows, PAGE_ROWS))


def _stream(client: Client, _: str, view_id: str, __: int) -> int:
    return sum(table.num_rows for table in client.stream(view_id))


def _corpus(rows: int) -> bytes:
    """Lines of 100 bytes."""
    text = " ".join(documents(rows * (ROW_BYTES + 1) // 1_000_000 + 1)).encode("ascii", "replace")
    return b"".join(text[at : at + ROW_BYTES] + b"\n" for at in range(0, rows * ROW_BYTES, ROW_BYTES))


@contextmanager
def _server(data: Path) -> Iterator[str]:
    """The address of a server process that is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    paths = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"AUGSVC_PORT": str(port), "AUGSVC_DATA": str(data), "PYTHONPATH": paths}
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", CODE], env=environment, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        while process.poll() is None and not _ready(url):
            time.sleep(0.1)
        if process.poll() is not None:
            sys.exit((data / "server.log").read_text())
        yield url
    finally:
        process.terminate()
        process.wait()


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").is_success
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    main()
