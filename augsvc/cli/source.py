"""Where a command's bytes come from: standard input, or a file."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

import typer

from augsvc.cli import output


def source(name: str) -> AbstractContextManager[BinaryIO]:
    """Open a file for reading; `-` is standard input. Raises a usage error for what cannot be read."""
    if name == output.STANDARD:
        return nullcontext(output.standard("input"))
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise typer.BadParameter(
            f"{name} cannot be read ({error.strerror}): name a file, or - for standard input"
        ) from None


def position(stream: BinaryIO) -> tuple[int, int | None]:
    """Return how far a stream has been read and its size, where it tells."""
    return (stream.tell(), os.fstat(stream.fileno()).st_size) if stream.seekable() else (0, None)
