"""Content codings (RFC 9110, section 8.4.1): compressed files as the files that they were."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa

from augsvc.errors import InvalidCorpus, TooLarge, UnsupportedMedia

CODINGS = {"gzip": "gzip", "x-gzip": "gzip", "zstd": "zstd"}
"""The content codings that are read, and what Arrow calls them."""


def codec_of(coding: str) -> str | None:
    """Arrow's name of a `Content-Encoding`, None for `identity`; raises UnsupportedMedia naming those that are read."""
    name = coding.strip().lower()
    if name in ("", "identity"):
        return None
    if name not in CODINGS:
        raise UnsupportedMedia(
            f"A body in the content coding {coding} is not understood: send it in gzip or zstd, or uncompressed."
        )
    return CODINGS[name]


class Decoded(io.RawIOBase):
    """A compressed stream decompressed as it is read: several members, or frames, are one file.

    Raises TooLarge as soon as more than `limit` bytes come out, InvalidCorpus for what is damaged or cut off.
    """

    def __init__(self, stream: Any, codec: Any, limit: int | None = None) -> None:
        super().__init__()
        self._codec = codec
        self._source = pa.CompressedInputStream(stream, codec)
        self._limit = limit
        self._given = 0

    def readable(self) -> bool:
        """Whether it can be read: it can."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer as far as possible; 0 at the end."""
        try:
            piece = self._source.read(len(buffer))
        except OSError as error:
            if error.errno is not None:
                raise
            raise InvalidCorpus(f"The {self._codec} file is damaged or cut off ({error}): compress it again.") from None
        self._given += len(piece)
        if self._limit is not None and self._given > self._limit:
            raise TooLarge(
                f"The file holds more than {self._limit} bytes once decompressed: send it in parts.", limit=self._limit
            )
        buffer[: len(piece)] = piece
        return len(piece)
