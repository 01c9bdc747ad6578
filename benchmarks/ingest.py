"""Uploads of large files to a real server: its peak resident memory and what a megabyte costs it.

`python benchmarks/ingest.py [--megabytes 2000] [--formats jsonl csv ...] [--rows short long]`: about a minute for a
gigabyte of a format. A server of its own is started for each upload; each file is made in a temporary folder, which
needs some four times its size. Exits with status 1 where a peak is over the limit.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from rich.console import Console
from table import print_table

from augsvc.client import Client

MIB = 2**20
LIMIT_MIB = 512
WORDS = ("the", "parcel", "arrived", "at", "an", "old", "house", "where", "nobody", "lived", "and", "it", "was", "good")
CODE = "from augsvc.service.server import run; from augsvc.service.settings import Settings; run(Settings())"

TEXT_BYTES = {"short": 200, "long": 20_000, "huge": 4_000_000}
"""About how long the texts are."""


class Made(NamedTuple):
    """What one upload took."""

    megabytes: float
    peak_mib: float
    before_mib: float
    cpu_seconds: float
    seconds: float
    rows: int


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=2_000, help="size of each file (default: 2000)")
    parser.add_argument("--formats", nargs="+", choices=WRITERS, default=list(WRITERS), help="default: all")
    parser.add_argument(
        "--rows", nargs="+", choices=TEXT_BYTES, default=["short"], help="their length (default: short)"
    )
    options = parser.parse_args()
    rows, over = [], False
    for length in options.rows:
        for kind in options.formats:
            with Console(stderr=True).status(f"{kind}, {length} rows: writing a file, and uploading it"):
                made = measured(kind, options.megabytes * 1_000_000, TEXT_BYTES[length])
            over = over or made.peak_mib > LIMIT_MIB
            rows.append((f"{kind}, {length} rows", *_told(made)))
    headings = ("file", "MB", "rows", "peak RSS, MiB", "before, MiB", "CPU-seconds", "MB per CPU-second", "seconds")
    print_table("Uploads, of the server alone", headings, rows, [f"aim: a peak of at most {LIMIT_MIB} MiB"])
    return int(over)


def measured(kind: str, size: int, text_bytes: int) -> Made:
    """Upload a file of about `size` bytes to a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"file.{kind}")
        WRITERS[kind](path, size, text_bytes)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = os.environ | {"AUGSVC_PORT": str(port), "AUGSVC_DATA": str(Path(folder, "data"))}
        environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")))
        )
        server = subprocess.Popen(
            [sys.executable, "-c", CODE], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            return _uploaded(f"http://127.0.0.1:{port}", server.pid, path)
        finally:
            server.terminate()
            server.wait()


def _uploaded(url: str, pid: int, path: Path) -> Made:
    _wait(url)
    before, spent, start = _memory_mib(pid, "VmRSS"), _cpu_seconds(pid), time.monotonic()
    with Client(url, timeout=3_600, retries=0) as client:
        found = client.put_corpus("large", path)
    return Made(
        path.stat().st_size / 1e6,
        _memory_mib(pid, "VmHWM"),
        before,
        _cpu_seconds(pid) - spent,
        time.monotonic() - start,
        found["rows"],
    )


def _wait(url: str) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        try:
            if httpx.get(f"{url}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(url)


def _memory_mib(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(made: Made) -> tuple[str, ...]:
    speed = made.megabytes / made.cpu_seconds
    figures = (made.peak_mib, made.before_mib, made.cpu_seconds, speed, made.seconds)
    return (f"{made.megabytes:,.0f}", f"{made.rows:,}", *(f"{figure:,.0f}" for figure in figures))


def batches(size: int, text_bytes: int) -> Iterator[pa.RecordBatch]:
    """Record batches that hold about `size` bytes of texts: different ones, with quotes, commas and line breaks."""
    draw = np.random.default_rng(0)  # noqa: TID251 a file to measure with, not output
    per_batch = max(1, 2_000_000 // text_bytes)
    prose = " ".join(WORDS[word] for word in draw.integers(0, len(WORDS), 100_000 + text_bytes // 4))
    for first in range(0, size // text_bytes, per_batch):
        starts = enumerate(draw.integers(0, 100_000, per_batch).tolist(), first)
        texts = [f'{row}: "{prose[start : start + text_bytes - 20]}",\n.' for row, start in starts]
        yield pa.record_batch(
            {
                "text": texts,
                "label": draw.integers(0, 10, per_batch),
                "score": draw.random(per_batch),
                "kind": ["news" if row % 2 else "talk" for row in range(per_batch)],
            }
        )


def _jsonl(path: Path, size: int, text_bytes: int) -> None:
    import orjson

    with path.open("wb") as file:
        for batch in batches(size, text_bytes):
            file.writelines(orjson.dumps(row) + b"\n" for row in batch.to_pylist())


def _text(path: Path, size: int, text_bytes: int) -> None:
    with path.open("wb") as file:
        for batch in batches(size, text_bytes):
            file.writelines(text.replace("\n", " ").encode() + b"\n" for text in batch.column("text").to_pylist())


def _writer(make: Callable[[Path, pa.Schema], Any]) -> Callable[[Path, int, int], None]:
    def write(path: Path, size: int, text_bytes: int) -> None:
        made = batches(size, text_bytes)
        first = next(made)
        with make(path, first.schema) as writer:
            writer.write_batch(first)
            for batch in made:
                writer.write_batch(batch)

    return write


def _whole_table(write_table: Callable[[pa.Table, Path], None]) -> Callable[[Path, int, int], None]:
    """A file that holds all its rows in one batch or row group, as careless writers make them."""

    def write(path: Path, size: int, text_bytes: int) -> None:
        table = pa.Table.from_batches(list(batches(size, text_bytes)))
        place = table.schema.get_field_index("text")
        table = table.set_column(place, "text", table.column("text").cast(pa.large_string())).combine_chunks()
        write_table(table, path)

    return write


def _one_batch(table: pa.Table, path: Path) -> None:
    with pa.ipc.new_stream(str(path), table.schema) as writer:
        writer.write_table(table)


def _one_group(table: pa.Table, path: Path) -> None:
    pyarrow.parquet.write_table(table, path, row_group_size=table.num_rows, compression="none")


WRITERS: dict[str, Callable[[Path, int, int], None]] = {
    "jsonl": _jsonl,
    "csv": _writer(pyarrow.csv.CSVWriter),
    "txt": _text,
    "parquet": _whole_table(_one_group),
    "arrow": _whole_table(_one_batch),
}


if __name__ == "__main__":
    sys.exit(main())
