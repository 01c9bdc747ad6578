"""From chosen edits to text: what is not edited is copied whole, byte for byte."""

from __future__ import annotations

from typing import NamedTuple

from numpy import int32, int64, uint8

from augsvc.kernels import chars
from augsvc.kernels.forms import text_end, text_start
from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.memory import copy_bytes
from augsvc.types import Bytes, EditField, Int, Int32s, Int64s, PackTables, TokenFlag

TITLE, UPPER = int(TokenFlag.TITLE), int(TokenFlag.UPPER)
START, END, FORM, CASE, REPAIR, GROUP, STEP, SIZE, SOURCE, SOURCE_END = (
    int(EditField[n])
    for n in ("START", "END", "FORM", "CASE", "REPAIR", "GROUP", "STEP", "SIZE", "SOURCE", "SOURCE_END")
)
REPORT_FIELDS = 9
"""What `splice` reports of each edit."""


class Splice(NamedTuple):
    """N output rows made from rows of a batch by edits in the order of (row, start)."""

    data: Bytes
    offsets: Int64s  # [R + 1]
    source: Int64s  # [N] the row of the batch that an output row comes from
    edits: Int32s  # [E, EDIT_FIELDS]
    edit_rows: Int64s  # [N + 1] the first edit of each output row
    composed: Bytes  # the arena's text


@inline
def form_size(form: Int, tables: PackTables) -> Int:
    """Return the bytes of a form, 0 for none."""
    return int64(0) if form < 0 else text_end(form, tables) - text_start(form, tables)


@inline
def edit_size(edits: Int32s, edit: Int, tables: PackTables) -> Int:
    """Return the bytes that an edit writes."""
    form = int64(edits[edit, FORM])
    return form_size(form, tables) if form >= -1 else int64(edits[edit, SIZE])


@inline
def write_form(form: Int, case: Int, tables: PackTables, out: Bytes, at: Int) -> Int:
    """Write a form with the case of what it replaces (letters outside ASCII stay as in the pack); return the end."""
    if form < 0:
        return at
    start, size = text_start(form, tables), form_size(form, tables)
    # a form for a word in mixed case, as iPhone, stays as the pack has it
    upto = size if case == UPPER else int64(1) if case == TITLE else int64(0)
    for i in range(size):
        byte = tables.text_blob[start + i]
        out[at + i] = uint8(byte - chars.CASE) if i < upto and chars.A <= byte <= chars.Z else byte
    return at + size


@inline
def write(work: Splice, edit: Int, tables: PackTables, out: Bytes, at: Int) -> Int:
    """Write what an edit puts there; return the end."""
    form = int64(work.edits[edit, FORM])
    if form >= -1:
        return write_form(form, int64(work.edits[edit, CASE]), tables, out, at)
    size = int64(work.edits[edit, SIZE])
    copy_bytes(work.composed, -2 - form, out, at, size)
    return at + size


@kernel
def splice(
    work: Splice, tables: PackTables, out_offsets: Int64s, out: Bytes, result_start: Int32s, report: Int32s
) -> None:
    """Write the output rows to `out` at `out_offsets`, and each replacement's beginning to result_start[E].

    These are bytes of `out`. report [E, 9] receives each edit as people count: [start, end) in bytes of the source row,
    [start, end) in bytes of the output row, whether it is a repair, its group, its step, and the [start, end) of the
    source row that moved here, -1 where none did.
    """
    for row in range(work.source.shape[0]):
        base, out_base = work.offsets[work.source[row]], out_offsets[row]
        at, done = out_base, base
        for edit in range(work.edit_rows[row], work.edit_rows[row + 1]):
            start, end = int64(work.edits[edit, START]), int64(work.edits[edit, END])
            copy_bytes(work.data, done, out, at, start - done)
            at += start - done
            result_start[edit] = int32(at)
            report[edit, 0], report[edit, 1], report[edit, 2] = (
                int32(start - base),
                int32(end - base),
                int32(at - out_base),
            )
            at = write(work, edit, tables, out, at)
            report[edit, 3], report[edit, 4] = int32(at - out_base), work.edits[edit, REPAIR]
            report[edit, 5], report[edit, 6] = work.edits[edit, GROUP], work.edits[edit, STEP]
            source = int64(work.edits[edit, SOURCE])
            report[edit, 7] = int32(source - base if source >= 0 else -1)
            report[edit, 8] = int32(int64(work.edits[edit, SOURCE_END]) - base if source >= 0 else -1)
            done = end
        copy_bytes(work.data, done, out, at, work.offsets[work.source[row] + 1] - done)
