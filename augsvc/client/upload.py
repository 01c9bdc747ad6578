"""Files on their way to a server, read in pieces."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeAlias

from augsvc.errors import InvalidInput

Upload: TypeAlias = str | os.PathLike[str] | bytes | BinaryIO
"""A file's path, its content, or an open binary file, which is sent from where it stands."""

_PIECE_BYTES = 1 << 20


def opened(data: Upload) -> AbstractContextManager[BinaryIO]:
    """The upload as a binary file; closes on exit what was opened here."""
    if isinstance(data, bytes):
        return BytesIO(data)
    return Path(data).open("rb") if isinstance(data, str | os.PathLike) else nullcontext(data)


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


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """What is left of a file."""
    while piece := file.read(_PIECE_BYTES):
        yield piece
