"""Binary streams by blocks of whole lines."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from augsvc.errors import InvalidCorpus

BLOCK_BYTES = 1 << 20
"""How much is read at a time; batches, and so a corpus's digest, depend on it, never on how the stream arrives."""

MAX_LINE_BYTES = 64 << 20
"""The longest line that is read: what bounds the memory for a file without line breaks."""


class Block(NamedTuple):
    """Consecutive lines without their line feeds; `first` is the number of the first, counted from 1."""

    first: int
    lines: list[bytes]


def read_fully(stream: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, fewer only at the stream's end, from a stream that may give less at a time."""
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def without_mark(stream: BinaryIO) -> bytes:
    """The first few bytes of a stream, none of them a byte order mark."""
    return read_fully(stream, len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)


def line_blocks(stream: BinaryIO) -> Iterator[Block]:
    """Split a stream at LF; a byte order mark is dropped, and a last LF ends a line without beginning another.

    Raises InvalidCorpus for a line longer than `MAX_LINE_BYTES`.
    """
    number, rest = 1, without_mark(stream)
    while block := read_fully(stream, BLOCK_BYTES):
        # Bytes may be cut before they are decoded: in UTF-8 no other character contains an LF.
        *lines, rest = (rest + block).split(b"\n")
        if len(rest) > MAX_LINE_BYTES:
            raise InvalidCorpus(f"Line {number + len(lines)} is longer than {MAX_LINE_BYTES >> 20} MiB: split it.")
        if lines:
            yield Block(number, lines)
            number += len(lines)
    if rest:
        yield Block(number, rest.removesuffix(b"\n").split(b"\n"))
