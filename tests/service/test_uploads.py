"""Uploads to real servers: compressed, of every format, cut off, killed in the middle, to a disk without room."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pytest

from augsvc.client import Client
from augsvc.errors import InvalidCorpus, StorageFull, TooLarge
from augsvc.store import Store
from tests.formats.tables import ARROW, CSV, PARQUET, csv_of, parquet_of, stream_of

ROWS = pa.table({"text": [f"A good line number {n}." for n in range(2_000)], "n": range(2_000)})
NDJSON = b"".join(json.dumps(row).encode() + b"\n" for row in ROWS.to_pylist())
Start = Callable[..., Any]


def files(root: Path) -> list[str]:
    found = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and path.name != "server.log"]
    return sorted(found)


def zstd(content: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(content, asbytes=True))


CONTENTS = {"jsonl": NDJSON, "csv": csv_of(ROWS), "parquet": parquet_of(ROWS), "arrow": stream_of(ROWS)}


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_file_of_any_format_comes_as_it_is_or_compressed(server: Any, tmp_path: Path, kind: str) -> None:
    content = CONTENTS[kind]
    written = {f"{kind}": content, f"{kind}.gz": gzip.compress(content), f"{kind}.zst": zstd(content)}
    with Client(server.url) as client:
        digests = set()
        for ending, body in written.items():
            (tmp_path / f"rows.{ending}").write_bytes(body)
            digests.add(client.put_corpus("rows", tmp_path / f"rows.{ending}")["digest"])
        digests.add(client.put_corpus("same", NDJSON, media_type="application/x-ndjson")["digest"])
        page = client.page(client.create_view("rows", shuffle="none").view_id, rows=5)
    assert len(digests) == 1
    assert page.table["n"].to_pylist() == [0, 1, 2, 3, 4]


def test_a_bomb_and_a_damaged_file_are_refused_and_leave_nothing(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path, max_corpus_bytes=1_000_000)
    bombs = {"txt.gz": gzip.compress(b"A line.\n" * 200_000), "txt.zst": zstd(b"A line.\n" * 200_000)}
    bombs |= {"parquet": parquet_of(pa.table({"text": ["the same text " * 10_000] * 100}))}
    broken = {"txt.gz": gzip.compress(b"A line.\n" * 2_000)[:-9], "parquet": parquet_of(ROWS)[:-9], "arrow": b"ARROW1"}
    with Client(server.url, retries=0) as client:
        for kind, contents in ((TooLarge, bombs), (InvalidCorpus, broken)):
            for ending, content in contents.items():
                (path := tmp_path / f"file.{ending}").write_bytes(content)
                with pytest.raises(kind):
                    client.put_corpus("bad", path)
                path.unlink()
        assert client.corpora() == []
    assert files(tmp_path) == []


def test_a_bad_row_is_told_by_its_line_and_nothing_is_kept(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    content = b'text,n\n"two\nlines",1\nragged\ngood,2\n'
    refused = httpx.put(f"{server.url}/corpora/a", content=content, headers={"Content-Type": CSV}, timeout=60)
    skipped = httpx.put(
        f"{server.url}/corpora/b?on_bad=skip", content=content, headers={"Content-Type": CSV}, timeout=60
    )
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert refused.json()["errors"][0]["pointer"] == "line 4"
    assert (skipped.status_code, skipped.json()["rows"], skipped.json()["skipped"]) == (201, 2, 1)
    assert [corpus["name"] for corpus in httpx.get(f"{server.url}/corpora").json()["corpora"]] == ["b"]


LIMITED = """
import resource, sys
from augsvc.service.server import run
from augsvc.service.settings import Settings
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
run(Settings())
"""


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Callable[[int], str]]:
    """Starts a server whose files may not grow beyond a size, as on a disk that is full; gives its address."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(size: int) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = os.environ | {"AUGSVC_PORT": str(port), "AUGSVC_DATA": str(tmp_path)}
        # Kernels may not be compiled under such a limit: they wait, and an upload needs none.
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", LIMITED, str(size)],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        assert eventually(lambda: httpx.get(f"http://127.0.0.1:{port}/healthz").is_success)
        return f"http://127.0.0.1:{port}"

    yield begin
    for server in running:
        server.kill()
        server.wait()


@pytest.mark.parametrize("limit", [3_000, 40_000])
def test_a_full_disk_is_a_problem_that_says_so_and_nothing_is_left_or_lost(
    limited: Callable[[int], str], tmp_path: Path, limit: int
) -> None:
    with Client(limited(limit), retries=0) as client:
        kept = client.put_corpus("kept", b'{"text": "kept"}\n', media_type="application/x-ndjson")
        before = files(tmp_path)
        media = {"csv": CSV, "parquet": PARQUET, "arrow": ARROW, "jsonl": "application/x-ndjson"}
        for kind, name in ((kind, name) for kind in CONTENTS for name in ("new", "kept")):
            with pytest.raises(StorageFull, match="make room") as caught:
                client.put_corpus(name, CONTENTS[kind], media_type=media[kind])
            assert (caught.value.status, caught.value.retryable, caught.value.retry_after) == (503, False, None)
            assert files(tmp_path) == before
        assert client.corpus("kept")["digest"] == kept["digest"]
        assert list((tmp_path / "tmp").iterdir()) == []


def test_a_server_killed_in_mid_upload_leaves_nothing_once_its_store_is_opened(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    head = b"PUT /corpora/cut HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 90000000\r\n\r\ntext\n"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head + b"A line.\n" * 1_000_000)
        assert eventually(lambda: bool(files(tmp_path)))
        server.stop(signal.SIGKILL)
    assert files(tmp_path) != []
    Store(tmp_path)
    assert files(tmp_path) == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_another_server_that_starts_meanwhile_leaves_an_upload_alone(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    started = False

    def lines() -> Iterator[bytes]:
        nonlocal started
        yield b"A line.\n" * 500_000
        assert eventually(lambda: bool(files(tmp_path)))
        Store(tmp_path)
        started = True
        yield b"A line.\n" * 500_000

    answer = httpx.put(f"{server.url}/corpora/a", content=lines(), headers={"Content-Type": "text/plain"}, timeout=60)
    assert (answer.status_code, answer.json()["rows"], started) == (201, 1_000_000, True)


PEAKS = [("jsonl", 60), ("csv", 60), ("parquet", 60), ("arrow", 60)]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks are read from /proc")
@pytest.mark.parametrize(("kind", "megabytes"), PEAKS)
def test_an_upload_of_any_format_is_read_in_constant_memory(
    start: Start, tmp_path: Path, kind: str, megabytes: int
) -> None:
    server = start().wait("/readyz")
    table = pa.table(
        {"text": [f"{n} " + "words and more " * 20 for n in range(megabytes * 3_300)], "n": range(megabytes * 3_300)}
    )
    contents = {
        "csv": csv_of,
        "parquet": lambda rows: parquet_of(rows, rows.num_rows, compression="none", use_dictionary=False),
    }
    path = tmp_path / f"rows.{kind}"
    if kind == "jsonl":
        path.write_bytes(
            b"".join(b'{"text":"%b","n":%d}\n' % (row["text"].encode(), row["n"]) for row in table.to_pylist())
        )
    else:
        path.write_bytes(contents.get(kind, stream_of)(table))
    before = peak_mib(server.process.pid)
    with Client(server.url) as client:
        assert client.put_corpus("large", path)["rows"] == table.num_rows
    assert path.stat().st_size > megabytes * 900_000
    assert peak_mib(server.process.pid) - before < 150


def peak_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def eventually(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            if condition():
                return True
        time.sleep(0.05)
    return False
