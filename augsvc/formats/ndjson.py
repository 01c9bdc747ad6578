"""NDJSON: a JSON object a line, of any columns."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

import pyarrow as pa
import pyarrow.compute as pc

from augsvc.batch import text_columns
from augsvc.errors import InvalidCorpus
from augsvc.formats.anonymous import Folder
from augsvc.formats.lines import Block, line_blocks
from augsvc.formats.reader import MAX_FAULTS, Reader, Rejects, TextColumns, check_names, choose_text_columns
from augsvc.formats.spool import Spool
from augsvc.types import Int64s, JsonObject

_MISFITS = (pa.ArrowException, OverflowError, UnicodeError)


class NdjsonReader(Reader):
    """Lines of JSON objects, blank lines aside, with the types of JSON: strings stay strings, whatever they look like.

    A column's type is that of its first value; whole numbers become float64 where others have fractions, and a row
    that does not fit is bad. So are rows without a text, names that appear twice in an object, integers beyond 64
    bits, NaN, lone surrogates and invalid UTF-8.
    """

    def __init__(self, stream: BinaryIO, text_column: TextColumns, rejects: Rejects, scratch: Folder) -> None:
        super().__init__(rejects)
        self._asked = None if text_column is None else text_columns(text_column)
        self._spool = Spool(scratch)
        # None once a row has had a text: a file that is right but for the column's name is told the names that it has.
        self._textless: list[JsonObject] | None = []
        try:
            for block in line_blocks(stream):
                self._admit(list(self._rows(block)))
            rejects.finish()
        except InvalidCorpus:
            self._check_text_column()
            raise
        self._check_text_column()
        self.schema = self._spool.schema
        check_names(self.schema)
        if not self.schema.names:
            raise InvalidCorpus("The file has no rows to keep: send a JSON object a line.", faults=rejects.faults)
        self.text_columns = choose_text_columns(self.schema, text_column)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            for lines, batch in self._spool:
                yield self._with_texts(lines, batch)
        except pa.ArrowInvalid as error:
            raise InvalidCorpus(
                f"A column has both fractions and integers beyond 2^53, write strings: {error}."
            ) from error
        self._rejects.finish()

    def _rows(self, block: Block) -> Iterator[tuple[int, JsonObject]]:
        for number, line in enumerate(block.lines, block.first):
            if not line or line.isspace():
                continue
            try:
                yield number, self._parsed(line)
            except (ValueError, TypeError, RecursionError) as error:
                self._rejects.add(number, _reason(error))

    def _parsed(self, line: bytes) -> JsonObject:
        row = _DECODER.decode(line.decode())
        if not isinstance(row, dict):
            raise TypeError("the line is no JSON object")
        for name in self._asked or ("text",):
            # A default `text` that is missing everywhere is no fault: another column may be the only one of strings.
            if not isinstance(row.get(name, "" if self._asked is None else None), str):
                null = name in row and row[name] is None
                if self._textless is not None and len(self._textless) < MAX_FAULTS and not null:
                    self._textless.append(row)
                raise TypeError(f"the text in {name!r} is missing or no string")
        self._textless = None
        return row

    def _check_text_column(self) -> None:
        if self._textless:
            with contextlib.suppress(*_MISFITS):
                choose_text_columns(pa.schema(pa.array(self._textless).type.fields), self._asked)

    def _admit(self, rows: list[tuple[int, JsonObject]]) -> None:
        """Spool rows, halving what does not fit until the bad rows stand alone."""
        if not rows:
            return
        try:
            self._spool.append([line for line, _ in rows], [row for _, row in rows])
        except _MISFITS as error:
            if len(rows) == 1:
                self._rejects.add(rows[0][0], _reason(error))
                return
            half = len(rows) // 2
            self._admit(rows[:half])
            self._admit(rows[half:])

    def _with_texts(self, lines: Int64s, batch: pa.RecordBatch) -> pa.RecordBatch:
        for name in self.text_columns:
            missing = pc.is_null(batch.column(name))
            bad = missing.to_numpy(zero_copy_only=False)
            for line in lines[bad].tolist():
                self._rejects.add(line, f"the text in {name!r} is missing or null")
            lines, batch = lines[~bad], batch.filter(pc.invert(missing))
        return batch


def _unique(pairs: list[tuple[str, Any]]) -> JsonObject:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a name appears twice in an object")
    return row


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is beyond the range of a double")
    return number


def _reason(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"no JSON: {error.msg} at character {error.pos + 1}"
        case UnicodeDecodeError():
            return f"invalid UTF-8 at byte {error.start + 1} of the line"
        case UnicodeEncodeError():
            return "a string has a lone surrogate"
        case OverflowError():
            return "an integer is beyond 64 bits (-2^63 to 2^63 - 1), write it as a string"
        case RecursionError():
            return "the nesting is too deep"
    return str(error).rpartition("Unable to merge: ")[2]


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
