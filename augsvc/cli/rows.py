"""The rows of `augsvc augment`, and its files of lines: a line in, the same line out with another text."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, BinaryIO, NamedTuple, NoReturn, Protocol, TypeAlias

from augsvc.errors import InvalidInput


class Row(NamedTuple):
    """A row: its line counted from 1, its texts, its id (None: its index), and what its format keeps of the rest."""

    line: int
    texts: tuple[str, ...]
    id: int | str | None
    rest: Any


Numbered: TypeAlias = list[tuple[int, Row]]
"""Rows with their indexes, counted from 0 over the whole input."""

Texts: TypeAlias = Sequence[tuple[str, ...]]
"""The texts of rows, one of each text column."""

Write: TypeAlias = Callable[[Sequence[Row], Texts], object]
"""Writes rows that came together, each as often as it has copies, with texts in place of their own."""


class File(Protocol):
    """An input, and how its rows are written again."""

    of_bytes: bool
    """Whether progress is in bytes of the input, not in rows."""

    def rows(self, most: int) -> Iterator[Numbered]:
        """The rows, counted as a corpus counts them, at most `most` at a time, in constant memory."""
        ...

    def writing(self, sink: BinaryIO) -> AbstractContextManager[Write]:
        """Begin the output; it is whole once the block ends without an error."""
        ...


class Format(Protocol):
    """How a line becomes a row, and a row with new texts becomes a line."""

    def parse(self, line: bytes, number: int) -> Row | None:
        """Read a line without its line feed, None for one that is no row; raises InvalidInput naming the line."""
        ...

    def render(self, row: Row, texts: tuple[str, ...]) -> bytes:
        """Return the row's line, terminator included, with `texts` in place of its own."""
        ...


class Lines:
    """A file of lines, each read and written by itself; see File."""

    of_bytes = True

    def __init__(self, stream: BinaryIO, layout: Format) -> None:
        self._stream = stream
        self._layout = layout

    def rows(self, most: int) -> Iterator[Numbered]:
        """See File."""
        from augsvc.formats.lines import line_blocks

        first = 0
        for block in line_blocks(self._stream):
            parsed = (self._layout.parse(line, number) for number, line in enumerate(block.lines, block.first))
            rows = list(enumerate((row for row in parsed if row is not None), first))
            yield from (rows[start : start + most] for start in range(0, len(rows), most))
            first += len(rows)

    @contextmanager
    def writing(self, sink: BinaryIO) -> Iterator[Write]:
        """See File."""
        yield lambda rows, texts: sink.writelines(map(self._layout.render, rows, texts))


class PlainText:
    """A row a line, blank lines included, ended by LF or CRLF as it came."""

    def parse(self, line: bytes, number: int) -> Row:
        """See Format; the rest is the terminator."""
        body = line.removesuffix(b"\r")
        return Row(number, (_decoded(body, number),), None, line[len(body) :] + b"\n")

    def render(self, row: Row, texts: tuple[str, ...]) -> bytes:
        """See Format."""
        return texts[0].encode() + bytes(row.rest)


class JsonLines:
    """A JSON object a line, blank lines aside: only the values of the text columns change.

    Integers of any size, missing keys and their order survive, because rows never become columns of one type; spelling
    does not (1.10 becomes 1.1). Without `text_columns` it is `text`, else the only string of the first row. The ids are
    the values of `id_column`, all integers or all strings.
    """

    def __init__(self, text_columns: Sequence[str] | None = None, id_column: str | None = None) -> None:
        self.text_columns = text_columns
        self.id_column = id_column
        self._id_type: type | None = None

    def parse(self, line: bytes, number: int) -> Row | None:
        """See Format; the rest is the whole object."""
        if not line or line.isspace():
            return None
        row = _object(line, number)
        if self.text_columns is None:
            self.text_columns = [_text_column(row)]
        texts = tuple(_text(row, column, number) for column in self.text_columns)
        return Row(number, texts, self._id(row, number), row)

    def render(self, row: Row, texts: tuple[str, ...]) -> bytes:
        """See Format."""
        changed = row.rest | dict(zip(self.text_columns or (), texts, strict=True))
        try:
            return json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        except UnicodeEncodeError:
            raise _bad(row.line, "holds a lone surrogate: remove it") from None

    def _id(self, row: dict[str, Any], number: int) -> int | str | None:
        if self.id_column is None:
            return None
        value = row.get(self.id_column)
        self._id_type = self._id_type or type(value)
        if type(value) is not self._id_type or not isinstance(value, int | str) or isinstance(value, bool):
            raise _bad(number, f"has {_named(value)} in {self.id_column!r}: ids are all integers or all strings")
        from augsvc.batch import row_number

        try:
            row_number(value)
        except InvalidInput as error:
            raise _bad(number, f"has no usable id in {self.id_column!r}: {error.detail}") from None
        return value


def _text(row: dict[str, Any], column: str, number: int) -> str:
    text = row.get(column)
    if not isinstance(text, str):
        raise _bad(number, f"has {_named(text)} and no string in {column!r}: give it one or remove the line")
    return text


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        row = _DECODER.decode(_decoded(line, number))
    except (ValueError, RecursionError) as error:
        raise _bad(number, f"cannot be read as JSON ({error}): mend or remove it") from None
    if not isinstance(row, dict):
        raise _bad(number, f'is not a JSON object but {_named(row)}: write it as {{"text": ...}}')
    return row


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a name appears twice in an object")
    return row


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError("a number is too large for a 64-bit float")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON value")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse)


def _text_column(row: dict[str, Any]) -> str:
    strings = [name for name, value in row.items() if isinstance(value, str)]
    if "text" in row or len(strings) == 1:
        return "text" if "text" in row else strings[0]
    choices = f"it is one of {', '.join(strings)}" if strings else "none holds strings"
    raise InvalidInput(f"which column holds the text is unclear: name it with --text-column ({choices})")


def _decoded(line: bytes, number: int) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise _bad(number, f"is not UTF-8 at byte {error.start + 1}: convert the file to UTF-8") from None


def _bad(number: int, detail: str) -> InvalidInput:
    return InvalidInput(f"line {number} {detail}")


def _named(value: Any) -> str:
    kinds = {
        type(None): "null",
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "a string",
        list: "an array",
    }
    return kinds.get(type(value), "an object")
