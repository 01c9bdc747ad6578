"""Where a command's bytes go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, TextIO

import typer

STANDARD = "-"


def standard(name: Literal["input", "output"]) -> BinaryIO:
    """Standard input or output as bytes; raises a usage error where this process was started without it."""
    stream: TextIO | None = sys.stdin if name == "input" else sys.stdout
    if stream is None:
        raise typer.BadParameter(f"standard {name} is closed: open it, or name a file")
    return stream.buffer


@contextmanager
def opened(target: str) -> Iterator[BinaryIO]:
    """Open `target` for writing; `-` is standard output.

    A file is written under a temporary name beside the target and renamed on success, so a failure or an interruption
    leaves what was there before. A target that exists but is no regular file (`/dev/null`, a pipe) is written directly.
    """
    path = Path(target)
    if target == STANDARD:
        stream = standard("output")
        yield stream
        stream.flush()
    elif path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
    else:
        with _replacing(Path(os.path.realpath(path))) as stream:
            yield stream


def opened_beside(target: str) -> AbstractContextManager[BinaryIO]:
    """Open `target` as `opened` does; raises a usage error where its directory does not exist."""
    directory = Path(target).absolute().parent
    if not directory.is_dir():
        raise typer.BadParameter(f"{directory} is no directory: create it, or choose another --output")
    return opened(target)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        stream = temporary.open("xb")
    except OSError as error:
        # nobody asked for the temporary file: tell the one that was
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with stream:
            if path.exists():
                os.fchmod(stream.fileno(), stat.S_IMODE(path.stat().st_mode))
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
