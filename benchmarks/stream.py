"""What a streamed row costs the server, and the first page at any cursor: CPU time over a corpus of 10 million lines.

`python benchmarks/stream.py [--rows 10000000] [--rounds 5]`: about two minutes and 1.2 GB of disk, under the directory
for temporary files unless `--data` names one to keep. The corpus goes in by the ordinary way, lines of 100 bytes. Its
pipeline has an operation of rate 0, and what even that costs is a line of its own, for it depends on the texts and the
pipeline. Needs Linux, which tells another process's CPU time.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from table import print_table

from augsvc.order import Lane, shuffled
from augsvc.views import PAGE_ROWS, LocalSource, Workspace
from augsvc.wire import ARROW, ARROW_LZ4, ARROW_ZSTD, EVENTS, NDJSON, compress, encode

NAME = "lines"
LINE = b"Line %08d of a corpus whose lines are one hundred bytes long, so that costs can be told by row.\n"
BLOCK = 10_000
FIELDS = {"corpus": NAME, "pipeline": {"ops": [{"type": "synonym", "rate": 0}]}, "seed": 1}
FORMS = (
    *((ARROW, "identity"), (ARROW_LZ4, "identity"), (ARROW_ZSTD, "identity")),
    *((NDJSON, "identity"), (NDJSON, "zstd"), (NDJSON, "gzip"), (EVENTS, "identity")),
)
SERVE = "from augsvc.service.server import run; from augsvc.service.settings import Settings; run(Settings())"
CURSORS = 100
GOLDEN = 0.6180339887498949
"""Multiples of it, without their whole part, fall evenly on all of an epoch."""


class Lines(io.RawIOBase):
    """The file, made as it is read."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._blocks = self._made(rows)
        self._rest = b""

    @staticmethod
    def _made(rows: int) -> Iterator[bytes]:
        for start in range(0, rows, BLOCK):
            yield b"".join(LINE % row for row in range(start, min(start + BLOCK, rows)))

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as a block goes."""
        self._rest = self._rest or next(self._blocks, b"")
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def main() -> None:
    """Measure and print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="of the corpus (default: 10 million)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each figure is taken (default: 5)")
    parser.add_argument("--data", type=Path, help="a data directory to keep the corpus in, or that has it")
    options = parser.parse_args()
    if not Path("/proc/self/stat").exists():
        raise SystemExit("This benchmark reads CPU times from /proc: run it on Linux.")
    with tempfile.TemporaryDirectory() as scratch, Console(stderr=True).status("") as status:
        status.update("registering the corpus")
        source = _source(options.data or Path(scratch), options.rows)
        status.update("measuring in process")
        shares = parts(source, options.rounds)
        forms = _forms(source, options.rounds)
        status.update("measuring a server")
        with _served(options.data or Path(scratch)) as (server, client):
            streamed = _streamed(server, client, source, options.rounds)
            first = _first_pages(server, client, source)
    transport = streamed - sum(shares[name] for name in ("augmentation at rate 0", "the corpus"))
    print_table(
        f"A streamed row of {source.rows:,}, µs of the server's CPU, Arrow, {len(LINE) - 1} bytes",
        ("", "median", "aim"),
        [
            ("all of it, over a socket", f"{streamed:.2f}", ""),
            *((f"- of that {name}", f"{cost:.3f}", "") for name, cost in shares.items()),
            ("shuffle, frames, HTTP: all but augmentation and the corpus", f"{transport:.2f}", ""),
            ("the same with reading the corpus", f"{transport + shares['the corpus']:.2f}", "<= .4"),
        ],
    )
    print_table(
        "Writing rows, checksum included, µs of CPU",
        ("", "median", "bytes a row"),
        [
            (f"{media}, {coding}".removesuffix(", identity"), f"{cost:.2f}", f"{size:.0f}")
            for media, coding, cost, size in forms
        ],
    )
    print_table("First page at any of 100 cursors, ms of the server's CPU", ("", "a request", "aim"), first)


def _source(data: Path, rows: int) -> LocalSource:
    workspace = Workspace(data)
    if NAME not in [info.name for info in workspace.corpora.list()]:
        workspace.corpora.put(NAME, io.BufferedReader(Lines(rows), 2**20), "text/plain")
    view, _ = workspace.create_view(FIELDS)
    return workspace.source(view.view_id)


def parts(source: LocalSource, rounds: int) -> dict[str, float]:
    """What computing a page consists of, µs of CPU a row, over pages all along the epoch."""
    starts = [PAGE_ROWS * number for number in range(max(rounds, 1) * 4)]
    for start in starts:
        source.page(0, start, PAGE_ROWS, Lane())  # chunks are mapped, kernels loaded
    found: dict[str, list[float]] = {"shuffle": [], "the corpus": [], "augmentation at rate 0": []}
    for start in starts:
        positions = Lane().positions(start, PAGE_ROWS, source.rows)
        cost, rows = _timed(
            lambda positions=positions: shuffled(positions, size=source.rows, seed=1, epoch=0, mode="global")
        )
        found["shuffle"].append(cost)
        cost, table = _timed(lambda rows=rows: source.corpus.take(rows))
        found["the corpus"].append(cost)
        page, _ = _timed(lambda start=start: source.page(0, start, PAGE_ROWS, Lane()))
        found["augmentation at rate 0"].append(page - cost - found["shuffle"][-1])
        del table
    return {name: statistics.median(costs) for name, costs in found.items()}


def _forms(source: LocalSource, rounds: int) -> list[tuple[str, str, float, float]]:
    table = source.page(0, 0, PAGE_ROWS, Lane()).table

    def written(media_type: str, coding: str) -> list[bytes]:
        frames = encode(
            [table],
            media_type,
            schema=source.schema,
            text_columns=source.text_columns,
            next=lambda: None,
            stem=f"v1.{source.view_id}.0.",
        )
        return list(compress(frames, coding))

    found = []
    for media_type, coding in FORMS:
        timed = [_timed(lambda form=(media_type, coding): written(*form)) for _ in range(rounds)]
        size = sum(map(len, timed[0][1])) / PAGE_ROWS
        found.append((media_type, coding, statistics.median(cost for cost, _ in timed), size))
    return found


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """µs of CPU for each row of a page, and what came of it."""
    start = time.process_time()
    result = call()
    return (time.process_time() - start) / PAGE_ROWS * 1e6, result


@contextlib.contextmanager
def _served(data: Path) -> Iterator[tuple[int, httpx.Client]]:
    """A server's process and a client of it, once it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = subprocess.DEVNULL
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": path, "AUGSVC_PORT": str(port), "AUGSVC_DATA": str(data)}
    with subprocess.Popen([sys.executable, "-c", SERVE], env=environment, stdout=quiet, stderr=quiet) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Accept": ARROW}, timeout=300) as client:
                while not _ready(client):
                    if process.poll() is not None:
                        raise SystemExit("The server did not start: run `augsvc serve` to see why.")
                    time.sleep(0.1)
                yield process.pid, client
        finally:
            process.terminate()


def _ready(client: httpx.Client) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return client.get("/readyz").is_success
    return False


def _streamed(server: int, client: httpx.Client, source: LocalSource, rounds: int) -> float:
    """µs of CPU a row, of streams of a million rows from different places on."""
    rows = min(1_000_000, source.rows // 2)
    costs = []
    for number in range(rounds + 1):
        before, received = _cpu(server), 0
        start = int(number * GOLDEN % 1 * (source.rows - rows))
        with client.stream("GET", f"/views/{source.view_id}/stream?start={start}") as answer:
            for chunk in answer.iter_raw(2**20):
                received += len(chunk)
                if received > rows * len(LINE):
                    break
        sent = received / (len(LINE) - 1 + 8 + 8 + 4 + 4)  # positions, rows, copies, offsets of a row
        costs.append((_cpu(server) - before) / sent * 1e6)
    return statistics.median(costs[1:])


def _first_pages(server: int, client: httpx.Client, source: LocalSource) -> list[tuple[str, str, str]]:
    stream, rows = f"/views/{source.view_id}/stream?max_seconds=0.000001&start=", f"/views/{source.view_id}/rows?start="
    starts = [int(number * GOLDEN % 1 * source.rows) for number in range(CURSORS)]
    found = []
    for name, path, end, aim in (
        ("of a stream", stream, "", "<= 10"),
        ("1,024 rows", rows, "&rows=1024", ""),
        (f"{PAGE_ROWS:,} rows", rows, "", ""),
        ("one row", rows, "&rows=1", ""),
        ("headers alone, of a stream", stream, "", ""),
    ):
        method = "HEAD" if name.startswith("headers") else "GET"
        before = _cpu(server)
        for start in starts:
            client.request(method, f"{path}{start}{end}").raise_for_status()
        found.append((name, f"{(_cpu(server) - before) / CURSORS * 1e3:.1f}", aim))
    return found


def _cpu(process: int) -> float:
    """CPU-seconds of a process so far."""
    user, system = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
