"""NDJSON: a line a row, `_end` or `_error` in the last."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any, BinaryIO

import orjson
import pyarrow as pa

from augsvc.errors import TransferError
from augsvc.types import JsonObject
from augsvc.wire.frames import Decoder, End, Tally, missing_end, raise_problem
from augsvc.wire.jsonable import json_values

_BLOCK_BYTES = 1 << 20

_LINE_BREAKS = "\x85\u2028\u2029"
"""Where many readers of lines break one, though JSON lets these stand in strings as they are."""


class NdjsonEncoder:
    """Rows as lines; each method's bytes end with a line feed."""

    def __init__(self, schema: pa.Schema) -> None:
        self._names = schema.names

    def rows(self, batch: pa.RecordBatch) -> bytes:
        """A line a row."""
        columns = [json_values(column) for column in batch.columns]
        rows = (dict(zip(self._names, values, strict=True)) for values in zip(*columns, strict=True))
        lines = b"".join([orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows])
        for character in _LINE_BREAKS:
            lines = lines.replace(character.encode(), f"\\u{ord(character):04x}".encode())
        return lines

    def frame(self, name: str, document: JsonObject) -> bytes:
        """The last line: `name` is `end` or `error`."""
        return orjson.dumps({f"_{name}": document}, option=orjson.OPT_APPEND_NEWLINE)


def decode_ndjson(stream: BinaryIO, text_columns: Sequence[str]) -> Decoder[list[JsonObject]]:
    """Read an NDJSON answer as lists of rows, checked against its end frame; see `Decoder`.

    `text_columns` are those that the checksum covers (NDJSON does not say). Errors of `stream` pass through.
    """
    return Decoder(_pieces(stream, text_columns))


def _pieces(stream: BinaryIO, text_columns: Sequence[str]) -> Generator[list[JsonObject], None, End]:
    tally = Tally(text_columns)
    end: Any = None
    for lines in _line_blocks(stream):
        rows = [_parsed(line) for line in lines]
        if end is not None or any("_end" in row for row in rows[:-1]):
            raise TransferError("The answer goes on after its end frame: fetch it again.")
        if "_error" in rows[-1]:
            raise_problem(rows[-1]["_error"])
        if "_end" in rows[-1]:
            end = rows.pop()["_end"]
        if rows:
            tally.add(_summed(rows, text_columns))
            yield rows
    if end is None:
        raise missing_end()
    return tally.verified(end)


def _line_blocks(stream: BinaryIO) -> Iterator[list[bytes]]:
    rest = b""
    while block := stream.read(_BLOCK_BYTES):
        *lines, rest = (rest + block).split(b"\n")
        if lines:
            yield lines
    if rest:
        raise missing_end()


def _parsed(line: bytes) -> JsonObject:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise TransferError("A line of the answer is no JSON: fetch it again.") from error
    if not isinstance(row, dict):
        raise TransferError("A line of the answer is no JSON object: fetch it again.")
    return row


def _summed(rows: list[JsonObject], text_columns: Sequence[str]) -> pa.Table:
    """The columns of rows that the checksum covers; raises TransferError where one is missing or of another type."""
    names = [*text_columns, *(["_original"] if "_original" in rows[0] else [])]
    try:
        positions = pa.array([row["_position"] for row in rows], pa.int64())
        texts = [pa.array([row[name] for row in rows], pa.string()) for name in names]
    except (KeyError, OverflowError, pa.ArrowException) as error:
        raise TransferError(f"A row of the answer lacks a column ({error}): fetch it again.") from error
    return pa.table([positions, *texts], names=["_position", *names])
