"""HTTP/1.1 by the standard library's `http.client`, which costs less for each byte than httpx's own transport."""

from __future__ import annotations

import http.client
import os
import selectors
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from urllib.request import getproxies

import httpx

PIECE_BYTES = 1 << 24
"""Most bytes of an answer that are read at a time: usually all, for then they are never copied."""
AS_IT_COMES = "as_it_comes"
"""Extension of a request: true where the answer's body is to be handed on in the pieces that the network delivers."""

_Connection = http.client.HTTPConnection
_Origin = tuple[str, str, int]


def default_transport() -> httpx.BaseTransport | None:
    """`HttpClientTransport`; None, for httpx's own, where the environment names proxies, which it knows how to use."""
    return None if getproxies() else HttpClientTransport()


class HttpClientTransport(httpx.BaseTransport):
    """An httpx transport over `http.client`, for requests and answers of any kind but upgrades.

    Connections are kept alive: a request takes the one to its server that was used last, unless the server has closed
    it, and gives it back once the answer has been read to its end. So threads may share a transport; there are as many
    connections as requests under way at once, and a process that was forked begins with none. `close` also cuts off
    requests under way, so that threads which wait for them end. `verify` is the context for https, by default httpx's.
    Raises the exceptions that httpx's transports raise.
    """

    def __init__(self, *, verify: ssl.SSLContext | None = None) -> None:
        self._verify = verify
        self._closed = False
        self._begin()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read the head of its answer; the body is read as its stream is."""
        if self._process != os.getpid():
            # What a fork copied are the parent's connections: to use them would be to talk in between.
            self._begin()
        connection = self._connection(request)
        self._busy.add(connection.sock)
        body = _Body(self, request, connection)
        try:
            return body.exchanged(connection)
        except BaseException:
            body.close()
            raise

    def close(self) -> None:
        """Close every connection; requests under way fail as if the server had hung up."""
        self._closed = True
        for kept in self._idle.values():
            while kept:
                kept.pop().close()
        for busy in list(self._busy):
            with suppress(OSError):
                # The plain socket's: a TLS socket would change under the thread that reads from it.
                socket.socket.shutdown(busy, socket.SHUT_RDWR)

    def give_back(self, origin: _Origin, connection: _Connection, sock: socket.socket, reusable: bool) -> None:
        """Take back a connection whose request is over."""
        self._busy.discard(sock)
        if reusable and not self._closed:
            self._idle.setdefault(origin, []).append(connection)
        else:
            connection.close()

    def _begin(self) -> None:
        self._process = os.getpid()
        # Lists and sets, whose single operations are atomic: a lock might be held when a process forks.
        self._idle: dict[_Origin, list[_Connection]] = {}
        self._busy: set[socket.socket] = set()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._verify or httpx.create_ssl_context()

    def _connection(self, request: httpx.Request) -> _Connection:
        """A connection to a request's server: one that is idle and alive, else a new one."""
        scheme, host, port = origin = _origin(request.url)
        kept = self._idle.setdefault(origin, [])
        with suppress(IndexError):
            while True:
                connection = kept.pop()
                if not _readable(connection.sock):
                    return connection
                connection.close()
        connection = (
            http.client.HTTPSConnection(host, port, context=self._tls) if scheme == "https" else _Connection(host, port)
        )
        connection.timeout = _timeout(request, "connect")
        with _mapped(request, httpx.ConnectTimeout, httpx.ConnectError):
            connection.connect()
        return connection


class _Body(httpx.SyncByteStream):
    """One exchange over a connection: the request, the head of its answer, and, as it is read, the body."""

    def __init__(self, transport: HttpClientTransport, request: httpx.Request, connection: _Connection) -> None:
        self._transport = transport
        self._request = request
        self._connection: _Connection | None = connection
        self._sock = connection.sock  # http.client forgets it where the server says that it will close
        self._answer: http.client.HTTPResponse | None = None
        self._whole = False

    def exchanged(self, connection: _Connection) -> httpx.Response:
        """Send the request and read the answer's head."""
        request = self._request
        self._sock.settimeout(_timeout(request, "write"))
        with suppress(httpx.WriteError):
            # A server that refuses a body before its end has answered already: the reading below tells.
            _send(connection, request)
        self._sock.settimeout(_timeout(request, "read"))
        with _mapped(request, httpx.ReadTimeout, httpx.ReadError):
            self._answer = answer = connection.getresponse()
        extensions = {"http_version": b"HTTP/1.1", "reason_phrase": answer.reason.encode("latin-1")}
        return httpx.Response(answer.status, headers=answer.headers.items(), stream=self, extensions=extensions)

    def __iter__(self) -> Iterator[bytes]:
        if self._answer is None:
            return
        answer, received = self._answer, False
        read = answer.read1 if self._request.extensions.get(AS_IT_COMES) else answer.read
        with _mapped(self._request, httpx.ReadTimeout, httpx.ReadError):
            while piece := read(PIECE_BYTES):
                received = True
                yield piece
        # http.client takes a connection that was closed early for the end: of the body, or of the head, where what
        # tells the body's length was still to come.
        if answer.length or not (received or answer.chunked or answer.length == 0 or "connection" in answer.headers):
            raise httpx.RemoteProtocolError(f"{answer.length or 'all'} bytes are missing", request=self._request)
        self._whole = True

    def close(self) -> None:
        """Give the connection back; it can carry another request only if this answer was read to its end."""
        connection, self._connection = self._connection, None
        if connection is not None:
            reusable = False
            if self._answer is not None:
                reusable = self._whole and not self._answer.will_close
                self._answer.close()
            self._transport.give_back(_origin(self._request.url), connection, self._sock, reusable)


def _send(connection: _Connection, request: httpx.Request) -> None:
    chunked = "transfer-encoding" in request.headers
    with _mapped(request, httpx.WriteTimeout, httpx.WriteError):
        target = request.url.raw_path.decode("ascii")
        connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.raw:
            connection.putheader(name, value)
        connection.endheaders()
    body: Iterable[bytes] = request.stream  # type: ignore[assignment]  # a synchronous client sends no other
    # Outside of what is mapped: an error of the file that is sent is none of the network.
    for piece in filter(None, body):
        with _mapped(request, httpx.WriteTimeout, httpx.WriteError):
            connection.send(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
    if chunked:
        with _mapped(request, httpx.WriteTimeout, httpx.WriteError):
            connection.send(b"0\r\n\r\n")


def _origin(url: httpx.URL) -> _Origin:
    return url.scheme, url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)


def _timeout(request: httpx.Request, name: str) -> float | None:
    seconds: float | None = request.extensions.get("timeout", {}).get(name)
    return seconds


def _readable(sock: socket.socket) -> bool:
    """Whether an idle connection has something to say, which can only be that it was closed."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))


@contextmanager
def _mapped(
    request: httpx.Request, timeout: type[httpx.TimeoutException], failure: type[httpx.NetworkError]
) -> Iterator[None]:
    """What sockets and http.client raise, as httpx's exceptions."""
    try:
        yield
    except TimeoutError as error:
        raise timeout("timed out", request=request) from error
    except http.client.HTTPException as error:
        raise httpx.RemoteProtocolError(str(error) or type(error).__name__, request=request) from error
    except OSError as error:
        raise failure(str(error), request=request) from error
