"""Content codings: text compressed as it is sent, and readable as it comes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

import pyarrow as pa

from augsvc.wire.pieces import Pieces

_GZIP_LEVEL = 1
_GZIP_WINDOW = 31  # zlib's name for a gzip member with the largest window; its header has no time, so bytes repeat


class _Compressor(Protocol):
    def add(self, chunk: bytes) -> bytes:
        """What a reader needs to read on to the chunk's end."""

    def end(self) -> bytes:
        """What ends the coding."""


class _Gzip:
    def __init__(self) -> None:
        self._deflate = zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_WINDOW)

    def add(self, chunk: bytes) -> bytes:
        return self._deflate.compress(chunk) + self._deflate.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._deflate.flush()


class _Zstd:
    def __init__(self) -> None:
        self._pieces = Pieces()
        self._stream = pa.CompressedOutputStream(self._pieces, "zstd")

    def add(self, chunk: bytes) -> bytes:
        self._stream.write(chunk)
        self._stream.flush()
        return self._pieces.fetch()

    def end(self) -> bytes:
        self._stream.close()
        return self._pieces.fetch()


def compress(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The chunks in a content coding, `gzip`, `zstd` or `identity`: equal chunks give equal bytes.

    Each is flushed, so that a reader has its text as soon as its bytes. After an exception out of `chunks` the coding
    is left without its end, as the answer is.
    """
    if coding == "identity":
        yield from chunks
        return
    compressor: _Compressor = _Gzip() if coding == "gzip" else _Zstd()
    for chunk in chunks:
        yield compressor.add(chunk)
    yield compressor.end()
