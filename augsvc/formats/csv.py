"""CSV (RFC 4180): a record a row, its types inferred over the whole file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, BinaryIO, Literal, NamedTuple

import pyarrow as pa
import pyarrow.csv
import re2

from augsvc.errors import InvalidCorpus
from augsvc.formats.anonymous import Folder
from augsvc.formats.infer import Inference
from augsvc.formats.lines import BLOCK_BYTES, MAX_LINE_BYTES, read_fully, without_mark
from augsvc.formats.reader import Reader, Rejects, check_names, choose_text_column
from augsvc.formats.spool import Blocks

_BYTES = re2.Options()
_BYTES.encoding = re2.Options.Encoding.LATIN1
_FIELD = rb'(?:[^",\r\n][^,\r\n]*|"(?:[^"]|"")*"|)'
_RECORD = rb"(?:%s(?:,%s)*\r?\n)" % (_FIELD, _FIELD)
_RECORDS = re2.compile(rb"(?s)%s*" % _RECORD, _BYTES)
_ONE_RECORD = re2.compile(rb"(?s)%s" % _RECORD, _BYTES)
_BEGUN = re2.compile(rb'(?s)(?:%s,)*(?:[^",\r\n][^,\r\n]*|"(?:[^"]|"")*"?|)\r?' % _FIELD, _BYTES)
_BLANK = (b"\n", b"\r\n")
_MAX_STEP_BYTES = 16 << 20
_UNCLOSED = "a quote that it opens is not closed"
_MALFORMED = "something stands between a quote that closes and the next comma, or a carriage return outside quotes"


class _Records(NamedTuple):
    """Whole records, well-formed, of any number of fields; `line` is that of the first."""

    line: int
    content: bytes


class CsvReader(Reader):
    """Records under a header, fields quoted or not, ended by LF or CRLF; quoted fields may hold both, and commas.

    A column whose fields are all whole numbers, numbers or true and false (in any file-wide mix with empty fields,
    which are null there) is int64, float64 or bool; every other column, and the texts always, are strings as they
    stand, empty ones included. Bad rows are records with more or fewer fields than the header, of invalid UTF-8 or
    malformed, a line at a time: so a quote that is never closed spoils its own line alone. Blank lines are no rows.
    """

    def __init__(self, stream: BinaryIO, text_column: str | None, rejects: Rejects, scratch: Folder) -> None:
        super().__init__(rejects)
        self._blocks = Blocks(scratch)
        records = _records(stream, rejects)
        self._names, first = _header(records, rejects)
        check_names(pa.schema([(name, pa.string()) for name in self._names]))
        exempt = "text" if text_column is None else text_column
        self._inferred = {name: Inference(name == exempt) for name in self._names}
        for block in chain([first], records):
            if block.content:
                self._admit(block)
        rejects.finish()
        self.schema = pa.schema([(name, found.type) for name, found in self._inferred.items()])
        self.text_column = choose_text_column(self.schema, text_column)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for block in self._blocks:
            columns = [self._inferred[name].cast(block.column(name)) for name in self._names]
            yield pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _admit(self, records: _Records) -> None:
        ragged: dict[int, str] = {}

        def refuse(row: pyarrow.csv.InvalidRow) -> Literal["skip"]:
            # Counted from 1, blank lines aside; always known on one thread.
            number: Any = row.number
            ragged[number - 1] = f"there are {row.actual_columns} fields under a header of {row.expected_columns}"
            return "skip"

        table = _parsed(records.content, self._names, refuse)
        undecodable = _undecodable(table)
        if ragged or undecodable:
            self._reject(records, ragged, undecodable)
            table = table.take([row for row in range(table.num_rows) if row not in undecodable])
        if table.num_rows:
            self._set_aside(table)

    def _reject(self, records: _Records, ragged: dict[int, str], undecodable: dict[int, str]) -> None:
        """Find the lines of bad rows: `ragged` counts all records, `undecodable` those that are not ragged."""
        sound = iter(row for row in range(len(ragged) + max(undecodable, default=-1) + 1) if row not in ragged)
        bad = dict(ragged)
        for index, row in enumerate(sound):
            if index in undecodable:
                bad[row] = undecodable[index]
        lines = _lines(records, max(bad))
        for row in sorted(bad):
            self._rejects.add(lines[row], bad[row])

    def _set_aside(self, table: pa.Table) -> None:
        (batch,) = table.cast(pa.schema([(name, pa.string()) for name in self._names])).combine_chunks().to_batches()
        for name, found in self._inferred.items():
            found.see(batch.column(name))
        self._blocks.append(batch)


def _records(stream: BinaryIO, rejects: Rejects) -> Iterator[_Records]:
    """Cut a stream into blocks of well-formed records; a line that begins none is rejected.

    Raises InvalidCorpus for a line longer than `MAX_LINE_BYTES`.
    """
    line, rest, final = 1, without_mark(stream), False
    while not final:
        # In growing steps: then a record of many blocks is not scanned once for each of them.
        fresh = read_fully(stream, max(BLOCK_BYTES, min(len(rest), _MAX_STEP_BYTES)))
        final = not fresh
        rest += fresh if fresh or not rest or rest.endswith(b"\n") else b"\n"
        position = 0
        while True:
            end = _RECORDS.match(rest, position).end()
            if end > position:
                yield _Records(line, rest[position:end])
                line, position = line + rest.count(b"\n", position, end), end
            if position == len(rest):
                break
            begun = _BEGUN.fullmatch(rest, position) is not None
            stop = rest.find(b"\n", position) + 1
            if not final and (begun or not stop) and len(rest) - position <= MAX_LINE_BYTES:
                break
            if not stop:
                raise InvalidCorpus(f"Line {line} is longer than {MAX_LINE_BYTES >> 20} MiB: split it.")
            rejects.add(line, _UNCLOSED if begun else _MALFORMED)
            line, position = line + 1, stop
        rest = rest[position:]


def _header(records: Iterator[_Records], rejects: Rejects) -> tuple[list[str], _Records]:
    """The columns' names, and what follows them in their block."""
    for block in records:
        for match in _ONE_RECORD.finditer(block.content):
            if match.group() not in _BLANK and not rejects.count:
                rest = block.content[match.end() :]
                return _names(match.group()), _Records(block.line + block.content.count(b"\n", 0, match.end()), rest)
    raise InvalidCorpus("The file has no header: name the columns in its first line.", faults=rejects.faults)


def _names(record: bytes) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(record.decode(), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidCorpus(f"The header cannot be read ({error}): write names of columns, in UTF-8.") from None


def _parsed(content: bytes, names: list[str], refuse: Callable[[pyarrow.csv.InvalidRow], Literal["skip"]]) -> pa.Table:
    return pyarrow.csv.read_csv(
        io.BytesIO(content),
        # One block and one thread, or rows would have no numbers.
        pyarrow.csv.ReadOptions(column_names=names, block_size=len(content) + 1, use_threads=False),
        pyarrow.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
        pyarrow.csv.ConvertOptions(check_utf8=False, column_types=dict.fromkeys(names, pa.binary())),
    )


def _undecodable(table: pa.Table) -> dict[int, str]:
    """The rows that hold invalid UTF-8, with what to say of them."""
    found: dict[int, str] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        try:
            column.cast(pa.string())
        except pa.ArrowInvalid:
            values = enumerate(column.to_pylist())
            found |= {row: f"invalid UTF-8 in the field {name!r}" for row, value in values if not _is_utf8(value)}
    return found


def _is_utf8(value: Any) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _lines(records: _Records, last: int) -> list[int]:
    """The lines on which records begin, blank ones aside, up to the record with the index `last`."""
    found, line = [], records.line
    for match in _ONE_RECORD.finditer(records.content):
        if match.group() not in _BLANK:
            found.append(line)
        if len(found) > last:
            break
        line += match.group().count(b"\n")
    return found
