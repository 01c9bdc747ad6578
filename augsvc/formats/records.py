"""CSV cut into whole records (RFC 4180), by lines where it is malformed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import re2

from augsvc.errors import InvalidCorpus
from augsvc.formats.lines import BLOCK_BYTES, MAX_LINE_BYTES, read_fully, without_mark
from augsvc.formats.reader import Rejects

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


@dataclass(frozen=True, slots=True)
class Records:
    """Whole, well-formed records, of any number of fields; `line` is that of the first, counted from 1."""

    line: int
    content: bytes

    def __iter__(self) -> Iterator[Records]:
        """Each record by itself, blank lines aside."""
        return (record for record in self._lines() if record.content not in _BLANK)

    def undecodable(self) -> list[int]:
        """The lines of records that are no UTF-8."""
        if _is_utf8(self.content):
            return []
        return [record.line for record in self if not _is_utf8(record.content)]

    def without(self, lines: Collection[int]) -> Records:
        """The records but for those on some lines; all others stay on theirs."""
        left_out = frozenset(lines)
        kept = (
            b"\n" * record.content.count(b"\n") if record.line in left_out else record.content
            for record in self._lines()
        )
        return Records(self.line, b"".join(kept))

    def after(self, first: Records) -> Records:
        """The records that follow one of them."""
        start = self.content.index(first.content) + len(first.content)
        return Records(first.line + first.content.count(b"\n"), self.content[start:])

    def _lines(self) -> Iterator[Records]:
        line = self.line
        for match in _ONE_RECORD.finditer(self.content):
            yield Records(line, match.group())
            line += match.group().count(b"\n")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


class Cutter:
    """Cuts a stream into blocks of records, once; a line that begins no record is rejected, and the next one begins.

    Raises InvalidCorpus for a line longer than `MAX_LINE_BYTES`.
    """

    def __init__(self, stream: BinaryIO, rejects: Rejects) -> None:
        self._stream = stream
        self._rejects = rejects
        self._line, self._rest = 1, without_mark(stream)

    def __iter__(self) -> Iterator[Records]:
        # In growing steps: then a record of many blocks is not scanned once for each of them.
        while fresh := read_fully(self._stream, max(BLOCK_BYTES, min(len(self._rest), _MAX_STEP_BYTES))):
            self._rest += fresh
            yield from self._cut(final=False)
        if self._rest:
            self._rest += b"" if self._rest.endswith(b"\n") else b"\n"
            yield from self._cut(final=True)

    def _cut(self, *, final: bool) -> Iterator[Records]:
        rest, position = self._rest, 0
        while position < len(rest):
            end = _RECORDS.match(rest, position).end()
            if end > position:
                yield Records(self._line, rest[position:end])
                self._line += rest.count(b"\n", position, end)
            elif not final and self._may_go_on(position):
                break
            else:
                end = self._reject(position)
            position = end
        self._rest = rest[position:]

    def _may_go_on(self, position: int) -> bool:
        """Whether more of the stream may make a record, or at least a line, of what is left."""
        whole_line = self._rest.find(b"\n", position) >= 0
        begun = not whole_line or self._is_begun(position)
        return begun and len(self._rest) - position <= MAX_LINE_BYTES

    def _reject(self, position: int) -> int:
        """Note the line at `position` as bad; returns where the next one begins."""
        stop = self._rest.find(b"\n", position) + 1
        if not stop:
            raise InvalidCorpus(f"Line {self._line} is longer than {MAX_LINE_BYTES >> 20} MiB: split it.")
        self._rejects.add(self._line, _UNCLOSED if self._is_begun(position) else _MALFORMED)
        self._line += 1
        return stop

    def _is_begun(self, position: int) -> bool:
        return _BEGUN.fullmatch(self._rest, position) is not None
