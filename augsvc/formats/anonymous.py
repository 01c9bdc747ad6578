"""Files without a name: however the process ends, nothing is left behind."""

from __future__ import annotations

import io
import mmap
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

import pyarrow as pa

from augsvc.errors import InvalidCorpus
from augsvc.formats.lines import BLOCK_BYTES, read_fully

Folder = str | os.PathLike[str] | None
"""Where such files are made; None: in the system's temporary directory."""

Made = TypeVar("Made")


class Mapped:
    """A stream as one buffer, which costs address space but, with `forget` after each stretch, next to no memory.

    A file at its beginning is mapped as it is, any other stream through an anonymous file. Raises InvalidCorpus for an
    empty one.
    """

    def __init__(self, stream: BinaryIO, scratch: Folder) -> None:
        descriptor = _descriptor(stream)
        if descriptor is None:
            self.pages = anonymous(scratch, lambda handle, _: _copied(stream, handle))
        else:
            self.pages = _mapped(descriptor)

    def open(self) -> pa.BufferReader:
        """The buffer as a file of its own."""
        return pa.BufferReader(pa.py_buffer(self.pages))

    def forget(self) -> None:
        """Let go of what has been read: it counts as memory of this process; where it is read again, it is there."""
        self.pages.madvise(mmap.MADV_DONTNEED)


def anonymous(folder: Folder, make: Callable[[int, str], Made]) -> Made:
    """What `make` makes of a new file, given its descriptor and path, neither of which outlasts the call."""
    handle, path = tempfile.mkstemp(dir=folder)
    try:
        return make(handle, path)
    finally:
        os.close(handle)
        Path(path).unlink(missing_ok=True)


def _copied(stream: BinaryIO, handle: int) -> mmap.mmap:
    with os.fdopen(handle, "wb", closefd=False) as copy:
        while block := read_fully(stream, BLOCK_BYTES):
            copy.write(block)
    return _mapped(handle)


def _mapped(descriptor: int) -> mmap.mmap:
    if not os.fstat(descriptor).st_size:
        raise InvalidCorpus("The file is empty: send one with rows.")
    return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


def _descriptor(stream: BinaryIO) -> int | None:
    try:
        return stream.fileno() if stream.seekable() and stream.tell() == 0 else None
    except (AttributeError, io.UnsupportedOperation):
        return None
