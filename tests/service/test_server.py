"""Real servers over real sockets: kill and restart, disconnects, aborts, graceful stops."""

from __future__ import annotations

import contextlib
import io
import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pytest

from augsvc.errors import InvalidInput, TransferError
from augsvc.service.server import run
from augsvc.service.settings import Settings
from augsvc.wire import ARROW, EVENTS, decode_arrow, decode_ndjson
from tests.eventsource import EventSource

TEXT = {"Content-Type": "text/plain"}
Start = Callable[..., Any]


def _view(url: str, name: str, lines: int) -> dict[str, Any]:
    content = b"".join(b"Good line number %d of a long file.\n" % n for n in range(lines))
    httpx.put(f"{url}/corpora/{name}", content=content, headers=TEXT, timeout=60).raise_for_status()
    view = httpx.post(f"{url}/views", json={"corpus": name, "seed": 7, "shuffle": "none"}, timeout=60)
    document: dict[str, Any] = view.raise_for_status().json()
    return document


def test_a_server_killed_and_started_again_serves_the_same(start: Start, tmp_path: Path) -> None:
    first = start(tmp_path)
    view = _view(first.url, "lines", 5_000)
    path = f"/views/{view['view_id']}/rows?epoch=2&start=17&rows=900&lane=1:2:5"
    before = httpx.get(first.url + path, timeout=60)
    first.stop(signal.SIGKILL)
    again = start(tmp_path)
    after = httpx.get(again.url + path, timeout=60)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    assert httpx.get(f"{again.url}/corpora").json()["corpora"][0]["rows"] == 5_000
    assert httpx.get(f"{again.url}/views/{view['view_id']}").json() == view


def test_replicas_know_each_others_views_by_their_directory_or_by_the_document(start: Start, tmp_path: Path) -> None:
    one, two, apart = start(tmp_path / "shared"), start(tmp_path / "shared"), start(tmp_path / "apart")
    unknown = [httpx.get(f"{replica.url}/views/{'0' * 32}/rows") for replica in (one, two)]
    _view(apart.url, "lines", 1_000)
    view = httpx.post(f"{one.url}/views", json=_view(two.url, "lines", 1_000)["view"] | {"seed": 8}).json()
    path = f"/views/{view['view_id']}/rows?epoch=1"
    assert httpx.get(apart.url + path).json()["code"] == "unknown_view"
    told = httpx.post(f"{apart.url}/views", json=view["view"])
    pages = [httpx.get(replica.url + path, timeout=60) for replica in (one, two, apart)]
    assert [answer.status_code for answer in (*unknown, told)] == [404, 404, 201]
    assert len({(page.content, page.headers["etag"]) for page in pages}) == 1
    for replica, other in ((two, one), (apart, two)):
        known = httpx.get(f"{other.url}{path}", headers={"If-None-Match": pages[0].headers["etag"]})
        assert (known.status_code, httpx.get(f"{replica.url}/views/{view['view_id']}").json()) == (304, view)


@pytest.mark.slow
def test_a_server_answers_while_its_kernels_compile_and_work_waits_for_them(start: Start, tmp_path: Path) -> None:
    server = start(kernel_cache=tmp_path / "kernels")
    early = httpx.get(f"{server.url}/readyz")
    augmented = httpx.post(f"{server.url}/augment", json={"texts": ["A good dog."]}, timeout=240)
    server.wait("/readyz", 240)
    assert (early.status_code, early.json()["retryable"]) == (503, True)
    assert augmented.status_code == 200


def test_an_interrupted_server_ends_well(start: Start) -> None:
    assert start().stop(signal.SIGINT) == 0


def test_head_of_pages_and_streams_over_a_socket(server: Any) -> None:
    view = _view(server.url, "head", 1_000)
    with httpx.Client(base_url=f"{server.url}/views/{view['view_id']}", timeout=60) as client:
        for path in ("/rows?rows=7", "/stream", "/rows?rows=0"):
            whole, head = client.get(path), client.head(path)
            assert (head.status_code, head.content) == (whole.status_code, b"")
            assert head.headers.get("content-length") == whole.headers.get("content-length")


def test_a_body_too_large_leaves_the_connection_usable(start: Start) -> None:
    server = start(max_body_bytes=1_000)
    with httpx.Client(base_url=server.url, timeout=60) as client:
        refused = client.post("/augment", content=b"x" * 3_000_000)
        assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
        assert client.get("/healthz").status_code == 200


def test_a_failure_is_in_the_log_under_its_request_id(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    (tmp_path / "tags").write_text("no directory")
    answer = httpx.get(f"{server.url}/corpora/films", timeout=60)
    log = server.log.read_text()
    assert answer.status_code == 500
    assert f"request {answer.json()['request_id']} failed" in log
    assert "NotADirectoryError" in log


def test_a_term_signal_ends_streams_with_a_cursor_and_the_server_soon(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    view = _view(server.url, "lines", 400_000)
    with httpx.stream("GET", f"{server.url}/views/{view['view_id']}/stream", timeout=60) as answer:
        chunks = answer.iter_bytes()
        received = [next(chunks)]
        server.process.send_signal(signal.SIGTERM)
        received += chunks
    end = json.loads(b"".join(received).splitlines()[-1])["_end"]
    assert end["next"] == f"v1.{view['view_id']}.0.{end['rows']}"
    assert server.process.wait(timeout=30) in (0, -signal.SIGTERM)


def test_a_client_that_stops_reading_holds_up_no_stop(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path, shutdown_seconds=1)
    view = _view(server.url, "lines", 400_000)
    with httpx.stream("GET", f"{server.url}/views/{view['view_id']}/stream", timeout=60) as answer:
        chunks = answer.iter_bytes()
        next(chunks)
        assert server.stop() in (0, -signal.SIGTERM)


def test_a_stream_that_breaks_sends_the_problem_and_aborts(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    view = _view(server.url, "lines", 70_000)
    files = (path for path in (tmp_path / "objects").rglob("*") if path.is_file())
    min(files, key=lambda path: path.stat().st_size).unlink()
    url = f"{server.url}/views/{view['view_id']}/stream"
    for media, decode in ((ARROW, decode_arrow), ("*/*", lambda stream: decode_ndjson(stream, ["text"]))):
        body, request_id = _broken_body(url, {"Accept": media})
        with pytest.raises(TransferError, match="gave up") as caught:
            list(decode(io.BytesIO(body)))
        assert caught.value.extra["problem"]["request_id"] == request_id
        assert b"Traceback" not in body
    for coding in ("gzip", "identity"):
        body, request_id = _broken_body(url, {"Accept": EVENTS, "Accept-Encoding": coding})
        *_, row, error = EventSource().feed(body)
        assert (error.type, error.id) == ("error", row.id)
        assert json.loads(error.data)["_error"]["request_id"] == request_id
        assert f"request {request_id} failed" in server.log.read_text()


def _broken_body(url: str, headers: dict[str, str]) -> tuple[bytes, str]:
    """What arrives of an answer before the connection is aborted, and the request's id."""
    chunks: list[bytes] = []
    request = httpx.stream("GET", url, headers=headers, timeout=60)
    with request as answer, pytest.raises(httpx.RemoteProtocolError):
        chunks.extend(answer.iter_bytes())
    return b"".join(chunks), answer.headers["x-request-id"]


def test_readers_that_stall_hold_up_no_page(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path, max_transfers=4, concurrency=2)
    view = _view(server.url, "lines", 400_000)
    url = f"{server.url}/views/{view['view_id']}"
    plain = {"Accept-Encoding": "identity"}
    readers: list[Iterator[bytes]] = []
    with contextlib.ExitStack() as stalled:
        for _ in range(4):
            answer = stalled.enter_context(httpx.stream("GET", f"{url}/stream", headers=plain, timeout=60))
            readers.append(answer.iter_raw())
            next(readers[-1])
        pages = [httpx.get(f"{url}/rows?start={start}&rows=500", timeout=60) for start in range(0, 5_000, 500)]
        assert httpx.get(f"{url}/stream", timeout=60).status_code == 429
    assert [page.status_code for page in pages] == [200] * 10


def test_an_upload_cut_off_registers_nothing(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    head = b"PUT /corpora/cut HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head + b"A line.\n" * 1_000)
        assert _eventually(lambda: bool(list((tmp_path / "tmp").iterdir())))
    assert _eventually(lambda: not list((tmp_path / "tmp").iterdir()))
    assert httpx.get(f"{server.url}/corpora").json() == {"corpora": []}


def test_a_stream_left_half_read_gives_its_slot_back(start: Start) -> None:
    server = start(max_transfers=1)
    view = _view(server.url, "lines", 400_000)
    url = f"{server.url}/views/{view['view_id']}/stream"
    with httpx.stream("GET", url, timeout=60) as answer:
        chunks = answer.iter_bytes()
        next(chunks)
        assert httpx.get(url, timeout=60).status_code == 429
    assert _eventually(lambda: httpx.head(url, timeout=60).status_code == 200)


def test_an_upload_is_read_in_constant_memory(start: Start) -> None:
    server = start().wait("/readyz")
    line = b"A line of a file that is much larger than the memory a server may use for it.\n" * 10_000

    def lines() -> Iterator[bytes]:
        for _ in range(256):
            yield line

    before = _peak_mib(server.process.pid)
    answer = httpx.put(f"{server.url}/corpora/large", content=lines(), headers=TEXT, timeout=240)
    assert answer.json()["rows"] == 2_560_000
    assert _peak_mib(server.process.pid) - before < 150


def test_many_requests_at_once_all_get_an_answer_or_a_time_to_come_back(start: Start) -> None:
    server = start(concurrency=2).wait("/readyz")
    request = {"texts": ["The quick brown fox jumps over the lazy dog."] * 200, "copies": 4, "seed": 1}
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda: answers.append(httpx.post(f"{server.url}/augment", json=request, timeout=60)))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    good = {answer.content for answer in answers if answer.status_code == 200}
    assert {answer.status_code for answer in answers} <= {200, 429}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 429)
    assert len(good) == 1


def test_an_address_in_use_is_one_sentence(server: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="Choose another host or port"):
        run(Settings(port=server.port, data=tmp_path))


def test_a_data_directory_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="Choose another directory"):
        run(Settings(port=0, data=tmp_path / "file"))


def test_a_whole_arrow_stream_is_checked_and_open_to_any_reader(server: Any) -> None:
    view = _view(server.url, "arrow", 9_000)
    answer = httpx.get(f"{server.url}/views/{view['view_id']}/stream", headers={"Accept": ARROW}, timeout=60)
    tables = decode_arrow(io.BytesIO(answer.content))
    assert sum(table.num_rows for table in tables) == 9_000
    assert pa.ipc.open_stream(answer.content).read_all().num_rows == 9_000


def _eventually(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            if condition():
                return True
        time.sleep(0.05)
    return False


def _peak_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
