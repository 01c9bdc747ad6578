"""Arrays that passes work in, kept from text to text: making them anew would cost a short text more than the work."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from augsvc.batch import empty_tokens
from augsvc.kernels.choose import Board, Plan
from augsvc.kernels.draft import Draws
from augsvc.kernels.splice import REPORT_FIELDS
from augsvc.types import DRAFT_FIELDS, EDIT_FIELDS, Arena, Bytes, Int32s, Int64s, TokenColumns

if TYPE_CHECKING:
    from augsvc.pipeline.single import Single

KEPT_BYTES = KEPT_EDITS = 1 << 20
"""Workspaces of longer texts, or of so many copies that more edits might be made, are not kept."""

SLACK = 40
"""Cells beyond the last, for edits that are drafted and then declined."""


COMPOSED_BYTES = 1 << 16
"""Room for text that edits compose; a pass that needs more is done again with twice as much."""


class Line(NamedTuple):
    """What a batch of one text is made of, beside the text."""

    offsets: Int64s  # [2]
    row: Int64s  # [1] the key's row
    copy: Int64s  # [1] 0
    draws: Draws


class Workspace:
    """The arrays of one pass over a block; each method makes room, and gives what was there where there is enough."""

    def __init__(self) -> None:
        self.size = self._rows = self._tokens = self._out_rows = self.edits = -1
        row, copy = np.zeros((2, 1), np.int64)
        self.line = Line(np.zeros(2, np.int64), row, copy, Draws(np.empty((1, 3), np.uint32), copy))
        self.arena = _arena(COMPOSED_BYTES)
        self.single: Single | None = None
        self._view, self._text = _text_room(0)
        self._reader: tuple[TokenColumns, Int32s]
        self._output: tuple[Bytes, Int32s, Int32s] = (
            np.empty(0, np.uint8),
            np.empty(0, np.int32),
            np.empty((0, REPORT_FIELDS), np.int32),
        )

    def text(self, raw: bytes) -> Bytes:
        """Return an array that begins with a text; a short one is copied, so that the array stays the same."""
        size = len(raw)
        if size > KEPT_BYTES:
            return np.frombuffer(raw, np.uint8)
        if size > len(self._text):
            self._view, self._text = _text_room(size)
        self._view[:size] = raw
        return self._text

    def reader(self, size: int, rows: int) -> tuple[TokenColumns, Int32s]:
        """Return token columns for exactly `rows` texts of at most `size` bytes, and room for the words of each."""
        if size > self.size or rows != self._rows:
            columns = empty_tokens(rows, _rounded(size) + 1) if size > self.size else self._reader[0]
            self.size, self._rows = max(size, self.size), rows
            self._reader = columns._replace(first=np.empty(rows + 1, np.int64)), np.empty(rows, np.int32)
        return self._reader

    def board(self, tokens: int) -> Board:
        """Return the scratch of a row of at most so many tokens."""
        if tokens > self._tokens:
            self._tokens = _rounded(tokens)
            cells = 2 * self._tokens + SLACK
            draft = np.empty((cells, DRAFT_FIELDS), np.int32)
            marks = np.empty((cells + 63) // 64, np.uint64)
            sites, seen = np.empty((2, self._tokens + 2), np.int32)
            self._board = Board(np.empty(cells, np.int32), marks, sites, seen, draft)
        return self._board

    def plan(self, rows: int, edits: int) -> Plan:
        """Return room for so many edits over so many output rows."""
        if rows > self._out_rows or edits > self.edits:
            self._out_rows, self.edits = _rounded(rows), _rounded(edits)
            room = np.empty((self.edits, EDIT_FIELDS), np.int32)
            self._plan = Plan(room, *np.empty((3, self._out_rows + 1), np.int64))
        return self._plan

    def larger_arena(self) -> Arena:
        """Return room for twice as much composed text as there was."""
        self.arena = _arena(2 * len(self.arena.data))
        return self.arena

    def output(self, size: int, edits: int) -> tuple[Bytes, Int32s, Int32s]:
        """Return room for a text of so many bytes, for where its edits begin, and for their report, as rows."""
        out, starts, _ = self._output
        if size > len(out) or edits > len(starts):
            size, edits = _rounded(size), _rounded(edits)
            self._output = (
                np.empty(size, np.uint8),
                np.empty(edits, np.int32),
                np.empty((edits, REPORT_FIELDS), np.int32),
            )
        return self._output


def _arena(size: int) -> Arena:
    return Arena(np.empty(size, np.uint8), np.zeros(2, np.int64))


def _text_room(size: int) -> tuple[memoryview, Bytes]:
    """Return room for a text of so many bytes, to write to and to read from."""
    room = np.empty(_rounded(size), np.uint8)
    text = room[:]
    # as texts of batches are: a kernel has one signature
    text.setflags(write=False)
    return room.data, text


def _rounded(count: int) -> int:
    """Round up to a power of two, so that texts of rising length seldom ask for more."""
    return 1 << max(8, count - 1).bit_length()


_free: deque[list[Workspace]] = deque(maxlen=os.cpu_count() or 1)
"""As many as can be at work at once: more callers than that wait for each other, and theirs are made anew."""


def borrow() -> list[Workspace]:
    """Return workspaces, one for each pass so far, for one caller alone until `give_back`."""
    try:
        return _free.pop()
    except IndexError:
        return []


def give_back(borrowed: list[Workspace]) -> None:
    """Keep workspaces for the next caller, if they are not too large."""
    for space in borrowed:
        if space.size > KEPT_BYTES or space.edits > KEPT_EDITS:
            return
    _free.append(borrowed)


def of_pass(borrowed: list[Workspace], number: int) -> Workspace:
    """Return the workspace of pass `number`, counted from 0 without gaps."""
    if number == len(borrowed):
        borrowed.append(Workspace())
    return borrowed[number]
