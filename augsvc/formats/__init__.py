"""Files in, record batches out, in constant memory: which media types are read, and by what."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import BinaryIO

from augsvc.errors import UnsupportedMedia
from augsvc.formats.lines import read_fully
from augsvc.formats.ndjson import NdjsonReader
from augsvc.formats.reader import RESERVED, OnBad, Reader, Rejects
from augsvc.formats.text import TextReader

__all__ = [
    "NDJSON",
    "READ",
    "RESERVED",
    "TEXT",
    "OnBad",
    "Reader",
    "media_type_of",
    "read_batches",
    "read_fully",
    "readable",
]

NDJSON = "application/x-ndjson"
TEXT = "text/plain"
READ = (NDJSON, TEXT)
"""The media types that `read_batches` reads."""

_SUFFIXES = {
    ".jsonl": NDJSON,
    ".ndjson": NDJSON,
    ".txt": TEXT,
    ".text": TEXT,
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".arrow": "application/vnd.apache.arrow.stream",
    ".arrows": "application/vnd.apache.arrow.stream",
}


def media_type_of(path: str | os.PathLike[str]) -> str:
    """The media type that a file's name tells; raises UnsupportedMedia for an ending that is not known."""
    suffix = PurePath(path).suffix.lower()
    if suffix not in _SUFFIXES:
        raise UnsupportedMedia(f"{suffix or 'No ending'} tells no format: name the file {', '.join(_SUFFIXES)}.")
    return _SUFFIXES[suffix]


def read_batches(
    stream: BinaryIO,
    media_type: str,
    *,
    text_column: str | None = None,
    on_bad: OnBad = "fail",
    scratch: str | os.PathLike[str] | None = None,
) -> Reader:
    """Open a file of `media_type` (parameters such as `charset=utf-8` allowed) for one pass over its batches.

    `text_column` names the column of texts: by default `text`, else the only column of strings. A bad row is skipped
    and counted, or with `on_bad="fail"` raises InvalidCorpus that names the first lines. NDJSON is spooled, as
    anonymous files in `scratch` (default: the system's temporary directory), because a column's type is known only
    at the end of the file. Raises UnsupportedMedia for what is not read, InvalidCorpus for a file that is no corpus.
    """
    rejects = Rejects(on_bad)
    if readable(media_type) == NDJSON:
        return NdjsonReader(stream, text_column, rejects, scratch)
    return TextReader(stream, text_column, rejects)


def readable(media_type: str) -> str:
    """One of READ, without its parameters; raises UnsupportedMedia for what is not read, or not as UTF-8."""
    name, _, parameters = media_type.partition(";")
    charset = parameters.lower().replace('"', "").replace(" ", "")
    if charset not in ("", "charset=utf-8", "charset=utf8"):
        raise UnsupportedMedia(f"Files are read as UTF-8 only, not with {parameters.strip()}: convert the file.")
    name = name.strip().lower()
    if name not in READ:
        raise UnsupportedMedia(f"Files of type {name or 'unknown'} are not read: send {' or '.join(READ)}.")
    return name
