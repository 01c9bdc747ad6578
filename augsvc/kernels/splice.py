"""From chosen edits to text: what is not edited is copied whole, byte for byte."""

from __future__ import annotations

from typing import NamedTuple

from numpy import int32, int64, uint8

from augsvc.kernels import chars
from augsvc.kernels.jit import inline, kernel
from augsvc.types import Bytes, EditColumns, Int, Int32s, Int64s, PackTables, TokenFlag

TITLE, UPPER = int(TokenFlag.TITLE), int(TokenFlag.UPPER)


class Splice(NamedTuple):
    """N output rows made from rows of a batch by edits in the order of (row, start)."""

    data: Bytes
    offsets: Int64s  # [R + 1]
    source: Int64s  # [N] the row of the batch that an output row comes from
    edits: EditColumns
    edit_rows: Int64s  # [N + 1] the first edit of each output row


@inline
def form_size(form: Int, tables: PackTables) -> Int:
    """Return the bytes of a form, 0 for none."""
    return int64(0) if form < 0 else int64(tables.form_offset[form + 1]) - int64(tables.form_offset[form])


@kernel
def measure(work: Splice, tables: PackTables, out_offsets: Int64s) -> Int:
    """Fill out_offsets[N + 1] with where each output row will begin; return the bytes of all."""
    at = int64(0)
    for row in range(work.source.shape[0]):
        out_offsets[row] = at
        at += work.offsets[work.source[row] + 1] - work.offsets[work.source[row]]
        for edit in range(work.edit_rows[row], work.edit_rows[row + 1]):
            at += (
                form_size(int64(work.edits.form[edit]), tables)
                - int64(work.edits.end[edit])
                + int64(work.edits.start[edit])
            )
    out_offsets[work.source.shape[0]] = at
    return at


@inline
def copy(source: Bytes, start: Int, end: Int, out: Bytes, at: Int) -> Int:
    """Copy source[start:end] to out[at:]; return the position after."""
    for i in range(end - start):
        out[at + i] = source[start + i]
    return at + end - start


@inline
def write_form(form: Int, case: Int, tables: PackTables, out: Bytes, at: Int) -> Int:
    """Write a form with the case of what it replaces (letters outside ASCII stay as in the pack); return the end."""
    if form < 0:
        return at
    start = int64(tables.form_offset[form])
    size = int64(tables.form_offset[form + 1]) - start
    # a form for a word in mixed case, as iPhone, stays as the pack has it
    upto = size if case == UPPER else int64(1) if case == TITLE else int64(0)
    for i in range(size):
        byte = tables.text_blob[start + i]
        out[at + i] = uint8(byte - chars.CASE) if i < upto and chars.A <= byte <= chars.Z else byte
    return at + size


@kernel
def splice(work: Splice, tables: PackTables, out_offsets: Int64s, out: Bytes, result_start: Int32s) -> None:
    """Write the output rows to `out` at `out_offsets`, and each replacement's beginning to result_start[E].

    Starts are bytes of `out`.
    """
    for row in range(work.source.shape[0]):
        at, done = out_offsets[row], work.offsets[work.source[row]]
        for edit in range(work.edit_rows[row], work.edit_rows[row + 1]):
            at = copy(work.data, done, int64(work.edits.start[edit]), out, at)
            result_start[edit] = int32(at)
            at = write_form(int64(work.edits.form[edit]), int64(work.edits.case[edit]), tables, out, at)
            done = int64(work.edits.end[edit])
        copy(work.data, done, work.offsets[work.source[row] + 1], out, at)


@kernel
def gather(columns: EditColumns, kept: Int64s, out: EditColumns) -> None:
    """Copy the edits numbered `kept` [K] to `out` [K]."""
    for i in range(kept.shape[0]):
        edit = kept[i]
        out.row[i], out.start[i], out.end[i] = columns.row[edit], columns.start[edit], columns.end[edit]
        out.cell[i], out.cell_end[i], out.form[i] = columns.cell[edit], columns.cell_end[edit], columns.form[edit]
        out.case[i], out.repair[i], out.group[i] = columns.case[edit], columns.repair[edit], columns.group[edit]
