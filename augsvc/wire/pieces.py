"""A sink for writers that want a file, emptied as it fills."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa


class Pieces(io.RawIOBase):
    """Collects what a writer writes until it is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes | pa.Buffer] = []

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, piece: Any) -> int:
        """Keep the piece; it is copied if its writer may change it."""
        self._pieces.append(piece if isinstance(piece, bytes | pa.Buffer) else bytes(piece))
        return len(piece)

    def fetch(self) -> bytes:
        """What has been written since the last call."""
        fetched, self._pieces = b"".join(self._pieces), []
        return fetched
