"""Files on their way to a server, read in pieces."""

from __future__ import annotations

import asyncio
import io
import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO, TypeAlias

from augsvc.errors import InvalidInput

Upload: TypeAlias = str | os.PathLike[str] | bytes | BinaryIO
"""A file's path, its content, or an open binary file, which is sent from where it stands."""

_PIECE_BYTES = 1 << 20


class Body:
    """An upload as the body of requests, read anew for each; `length` is None for a pipe, which can be read but once.

    Raises OSError for a file that cannot be read.
    """

    def __init__(self, data: Upload) -> None:
        self._data = data
        self._start, self.length = _extent(data)

    def pieces(self) -> Iterator[bytes]:
        """The content. Raises InvalidInput where the file has become shorter than `length`, which was promised."""
        with _opened(self._data) as file:
            if self.length is None:
                yield from iter(lambda: file.read(_PIECE_BYTES), b"")
                return
            file.seek(self._start)
            left = self.length
            while left and (piece := file.read(min(left, _PIECE_BYTES))):
                left -= len(piece)
                yield piece
            if left:
                raise InvalidInput("The file became shorter while it was sent: send it again.")

    async def pieces_apart(self) -> AsyncIterator[bytes]:
        """The same, read in other threads than the event loop's."""
        pieces = self.pieces()
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece


def media_type_of(data: Upload, given: str | None) -> str:
    """The media type given, else the one a path's ending tells; raises InvalidInput or UnsupportedMedia."""
    if given is not None:
        return given
    if isinstance(data, str | os.PathLike):
        from augsvc.formats import media_type_of

        return media_type_of(data)
    raise InvalidInput("Content without a name tells no format: pass media_type, for instance application/x-ndjson.")


def coding_of(data: Upload) -> dict[str, str]:
    """The header that says how a file is compressed, as its path's ending tells; none for content without a name."""
    if isinstance(data, str | os.PathLike):
        from augsvc import formats

        if coding := formats.coding_of(data):
            return {"Content-Encoding": coding}
    return {}


def _extent(data: Upload) -> tuple[int, int | None]:
    """Where the content begins in its file, and how many bytes it has."""
    if isinstance(data, str | os.PathLike) and not stat.S_ISREG(Path(data).stat().st_mode):
        return 0, None
    with _opened(data) as file:
        if not file.seekable():
            return 0, None
        start = file.tell()
        length = file.seek(0, os.SEEK_END) - start
        file.seek(start)
        return start, length


def _opened(data: Upload) -> AbstractContextManager[BinaryIO]:
    """The upload as a binary file; closes on exit what was opened here."""
    if isinstance(data, bytes):
        return io.BytesIO(data)
    return Path(data).open("rb") if isinstance(data, str | os.PathLike) else nullcontext(data)
