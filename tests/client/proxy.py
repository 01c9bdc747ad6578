"""A proxy over TCP that cuts connections off."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable


class Cutting:
    """Cuts the next connection each time that another of `cuts`, numbers of bytes, has gone back over one.

    `cut` is called just before; without cuts left connections live on.
    """

    def __init__(self, port: int, cuts: list[int], cut: Callable[[], None] = lambda: None) -> None:
        self._upstream, self.cuts, self._cut = port, cuts, cut
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        left = self.cuts.pop() if self.cuts else None
        with client, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._upstream)) as server:
            threading.Thread(target=_forward, args=(client, server), daemon=True).start()
            while data := server.recv(65_536):
                if left is not None and len(data) >= left:
                    client.sendall(data[:left])
                    self._cut()
                    break
                client.sendall(data)
                left = None if left is None else left - len(data)
            _hang_up(client)
            _hang_up(server)


def _forward(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    _hang_up(target)


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
