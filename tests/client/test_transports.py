"""`HttpClientTransport` beside httpx's own, before real servers and raw ones."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import uvicorn

from augsvc.client import Client
from augsvc.client.transports import HttpClientTransport, default_transport
from augsvc.errors import Unavailable
from augsvc.service.app import create_app
from augsvc.service.settings import Settings

TRANSPORTS = pytest.mark.parametrize("transport", [HttpClientTransport, httpx.HTTPTransport])


def raw(head: str, body: bytes = b"") -> bytes:
    return f"HTTP/1.1 {head}\r\n\r\n".encode() + body


ANSWERS = {
    "with a length": raw("200 OK\r\nContent-Length: 5\r\nX-Two: a\r\nX-Two: b", b"hello"),
    "in chunks": raw("200 OK\r\nTransfer-Encoding: chunked", b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
    "until it closes": raw("200 OK", b"hello"),
    "without a body": raw("204 No Content"),
    "that is a refusal": raw("413 Content Too Large\r\nContent-Length: 2\r\nConnection: close", b"no"),
    "without a reason": raw("200 \r\nContent-Length: 0"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_reads_as_by_httpx(broken, answer):
    seen = []
    for transport in (HttpClientTransport(), httpx.HTTPTransport()):
        with httpx.Client(transport=transport) as client:
            got = client.get(broken(answer))
            seen.append((got.status_code, got.headers.multi_items(), got.content, got.reason_phrase, got.http_version))
    assert seen[0] == seen[1]


FAILURES = {
    "nothing": b"",
    "no HTTP": b"SSH-2.0-OpenSSH\r\n",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "half a length": b"HTTP/1.1 200 OK\r\nContent-Length: 1",
    "half a body": raw("200 OK\r\nContent-Length: 50", b"hello"),
    "half a chunk": raw("200 OK\r\nTransfer-Encoding: chunked", b"9\r\nhello"),
    "no last chunk": raw("200 OK\r\nTransfer-Encoding: chunked", b"5\r\nhello\r\n"),
}


@TRANSPORTS
@pytest.mark.parametrize("pieces", [False, True])
@pytest.mark.parametrize("answer", FAILURES.values(), ids=FAILURES)
def test_an_answer_that_is_not_whole_is_an_error(broken, transport, pieces, answer):
    with httpx.Client(transport=transport()) as client, pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.get(broken(answer), extensions={"as_it_comes": pieces})


@TRANSPORTS
def test_who_is_not_there_or_silent_is_told_apart(broken, transport):
    with socket.create_server(("127.0.0.1", 0)) as silent, httpx.Client(transport=transport(), timeout=0.1) as client:
        with pytest.raises(httpx.ConnectError):
            client.get(broken())
        with pytest.raises(httpx.ReadTimeout, match="timed out"):
            client.get(f"http://127.0.0.1:{silent.getsockname()[1]}")


@TRANSPORTS
def test_bodies_of_every_kind_arrive(server, transport):
    lines = b'{"text": "A calm day."}\n' * 70_000
    with httpx.Client(transport=transport(), base_url=server.url) as client:
        for content in (lines, iter([lines[:30], b"", lines[30:]])):
            put = client.put("/corpora/many", content=content, headers={"Content-Type": "application/x-ndjson"})
            assert put.json()["rows"] == 70_000
        assert client.post("/augment", json={"texts": ["A calm day."]}).status_code == 200
        assert client.head("/ops").status_code == 200
        assert client.delete("/corpora/many").status_code == 204


def test_an_error_of_the_file_that_is_sent_is_none_of_the_network(server):
    def content():
        yield b"{"
        raise PermissionError("mine")

    with httpx.Client(transport=HttpClientTransport()) as client, pytest.raises(PermissionError, match="mine"):
        client.put(f"{server.url}/corpora/never", content=content())


class Connections:
    """A server that answers every request, and closes each connection after so many of them."""

    def __init__(self, requests: int) -> None:
        self.count, self._requests = 0, requests
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while self._listener.fileno() >= 0:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.count += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            for _ in range(self._requests):
                if not connection.recv(65_536):
                    return
                connection.sendall(raw("200 OK\r\nContent-Length: 11", b'{"ops": []}'))

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def connections():
    servers = []

    def connections(requests: int) -> Connections:
        servers.append(Connections(requests))
        return servers[-1]

    yield connections
    for server in servers:
        server.close()


def test_a_connection_is_used_again(connections):
    server = connections(1_000)
    with Client(server.url) as client:
        assert [client.ops() for _ in range(20)] == [[]] * 20
    assert server.count == 1


def test_a_connection_that_was_closed_meanwhile_is_replaced(connections):
    server = connections(1)
    with Client(server.url, retries=0) as client:
        for _ in range(20):
            client.ops()
            threading.Event().wait(0.01)  # until the server's close has come over
    assert server.count == 20


def test_an_answer_that_was_not_read_to_its_end_takes_its_connection_along(connections):
    server = connections(1_000)
    with httpx.Client(transport=HttpClientTransport()) as client:
        for _ in range(3):
            with client.stream("GET", server.url):
                pass
        assert client.get(server.url).json() == {"ops": []}
    assert server.count == 4


def test_there_are_as_many_connections_as_requests_at_once(connections):
    server = connections(1_000)
    with Client(server.url) as client, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: client.ops(), range(200))) == [[]] * 200
    assert server.count <= 4


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_forked_process_has_connections_of_its_own(connections):
    server = connections(1_000)
    with Client(server.url) as client:
        client.ops()
        child = os.fork()
        if not child:
            os._exit(client.ops() != [])
        assert os.waitpid(child, 0)[1] == 0
        assert client.ops() == []
    assert server.count == 2


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 with its key, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    ask = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=augsvc"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "-", "-out", "-"]
    path.write_bytes(subprocess.run([*ask.split(), *names], check=True, capture_output=True).stdout)
    return path


@pytest.fixture
def encrypted(certificate, server):
    """The address of the server's data over https, and a context that trusts it."""
    config = uvicorn.Config(
        create_app(Settings(data=server.data)), log_config=None, ssl_certfile=certificate, ssl_keyfile=certificate
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = uvicorn.Server(config)
        thread = threading.Thread(target=serving.run, args=([listener],))
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", ssl.create_default_context(cafile=certificate)
        serving.should_exit = True
        thread.join()


def test_https_is_spoken_to_whom_the_context_trusts(encrypted):
    url, context = encrypted
    with Client(url, transport=HttpClientTransport(verify=context)) as client:
        view = client.create_view("notes", seed=5)
        assert sum(table.num_rows for table in client.stream(view.view_id, rows=50)) == 403
    with Client(url, retries=0) as client, pytest.raises(Unavailable, match="CERTIFICATE_VERIFY_FAILED"):
        client.ops()


def test_proxies_of_the_environment_are_httpxs_to_use(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert isinstance(default_transport(), HttpClientTransport)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:3128")
    assert default_transport() is None


@TRANSPORTS
def test_a_refusal_before_the_body_was_sent_is_read(broken, transport):
    with httpx.Client(transport=transport()) as client:
        for _ in range(5):
            assert client.put(broken(ANSWERS["that is a refusal"]), content=b"a" * 20_000_000).status_code == 413
