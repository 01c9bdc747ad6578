"""Where a command's bytes come from: standard input, or a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import typer

from augsvc.cli import output


@contextmanager
def source(name: str) -> Iterator[BinaryIO]:
    """Open a file for reading, decompressed if its name ends in .gz or .zst; `-` is standard input.

    Raises a usage error for what cannot be read.
    """
    if name == output.STANDARD:
        yield output.standard("input")
        return
    from augsvc import formats

    codec = formats.coding_of(name)
    with _opened(name) as file:
        yield file if codec is None else cast(BinaryIO, formats.Decoded(file, codec))


def _opened(name: str) -> BinaryIO:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise typer.BadParameter(
            f"{name} cannot be read ({error.strerror}): name a file, or - for standard input"
        ) from None


def position(stream: BinaryIO) -> tuple[int, int | None]:
    """Return how far a stream has been read and its size, where it tells."""
    return (stream.tell(), os.fstat(stream.fileno()).st_size) if stream.seekable() else (0, None)
