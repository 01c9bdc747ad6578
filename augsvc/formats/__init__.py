"""Files in, record batches out, in constant memory: which media types are read, and by what."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import BinaryIO

from augsvc.errors import UnsupportedMedia
from augsvc.formats.arrow import ArrowReader
from augsvc.formats.coding import CODINGS, Decoded, codec_of
from augsvc.formats.csv import CsvReader
from augsvc.formats.lines import read_fully
from augsvc.formats.ndjson import NdjsonReader
from augsvc.formats.reader import RESERVED, OnBad, Reader, Rejects, TextColumns
from augsvc.formats.text import TextReader

__all__ = [
    "ARROW",
    "CODINGS",
    "CSV",
    "NDJSON",
    "PARQUET",
    "READ",
    "RESERVED",
    "TEXT",
    "Decoded",
    "OnBad",
    "Reader",
    "TextColumns",
    "codec_of",
    "coding_of",
    "media_type_of",
    "read_batches",
    "read_fully",
    "readable",
]

NDJSON = "application/x-ndjson"
TEXT = "text/plain"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
ARROW = "application/vnd.apache.arrow.stream"
READ = (NDJSON, CSV, TEXT, PARQUET, ARROW)
"""The media types that `read_batches` reads; as ARROW, files of the IPC format are read as well as streams."""

_SUFFIXES = {
    ".jsonl": NDJSON,
    ".ndjson": NDJSON,
    ".csv": CSV,
    ".txt": TEXT,
    ".text": TEXT,
    ".parquet": PARQUET,
    ".arrow": ARROW,
    ".arrows": ARROW,
    ".feather": ARROW,
}
_CODINGS = {".gz": "gzip", ".zst": "zstd"}
_ALIASES = {"application/vnd.apache.arrow.file": ARROW}


def media_type_of(path: str | os.PathLike[str]) -> str:
    """The media type that a file's name tells, its coding aside; raises UnsupportedMedia for an unknown ending."""
    name = PurePath(path)
    suffix = (PurePath(name.stem) if coding_of(path) else name).suffix.lower()
    if suffix not in _SUFFIXES:
        raise UnsupportedMedia(
            f"{suffix or 'No ending'} tells no format: name the file {', '.join(_SUFFIXES)}, with .gz or .zst after "
            "that if it is compressed."
        )
    return _SUFFIXES[suffix]


def coding_of(path: str | os.PathLike[str]) -> str | None:
    """The content coding that a file's name tells, None for one that is not compressed."""
    return _CODINGS.get(PurePath(path).suffix.lower())


def read_batches(
    stream: BinaryIO,
    media_type: str,
    *,
    text_column: TextColumns = None,
    on_bad: OnBad = "fail",
    scratch: str | os.PathLike[str] | None = None,
) -> Reader:
    """Open a file of `media_type` (parameters such as `charset=utf-8` allowed) for one pass over its batches.

    `text_column` names the column of texts, or several: by default `text`, else the only column of strings. A bad row
    is skipped and counted, or with `on_bad="fail"` raises InvalidCorpus that names the first ones. What is needed
    again, or from another place than the next, is spooled as anonymous files in `scratch` (default: the system's
    temporary directory).
    Raises UnsupportedMedia for what is not read, InvalidCorpus for a file that is no corpus.
    """
    match readable(media_type):
        case "text/csv":
            return CsvReader(stream, text_column, Rejects(on_bad), scratch)
        case "application/vnd.apache.parquet":
            from augsvc.formats.parquet import ParquetReader

            return ParquetReader(stream, text_column, Rejects(on_bad, "row"), scratch)
        case "application/vnd.apache.arrow.stream":
            return ArrowReader(stream, text_column, Rejects(on_bad, "row"), scratch)
        case "text/plain":
            return TextReader(stream, text_column, Rejects(on_bad))
    return NdjsonReader(stream, text_column, Rejects(on_bad), scratch)


def readable(media_type: str) -> str:
    """One of READ, without its parameters; raises UnsupportedMedia for what is not read, or not as UTF-8."""
    name, _, parameters = media_type.partition(";")
    name = name.strip().lower()
    name = _ALIASES.get(name, name)
    if name not in READ:
        raise UnsupportedMedia(f"Files of type {name or 'unknown'} are not read: send {', '.join(READ)}.")
    charset = parameters.lower().replace('"', "").replace(" ", "")
    if charset not in ("", "charset=utf-8", "charset=utf8", "header=present", "charset=utf-8;header=present"):
        raise UnsupportedMedia(f"Files are read as UTF-8 only, not with {parameters.strip()}: convert the file.")
    return name
