"""What the pack says of a form, by its id."""

from __future__ import annotations

from numpy import int64

from augsvc.kernels.jit import inline
from augsvc.types import Int, PackTables


@inline
def text_start(form: Int, tables: PackTables) -> Int:
    """Return where a form's text begins in the blob."""
    return int64(tables.form_offset[form])


@inline
def text_end(form: Int, tables: PackTables) -> Int:
    """Return where a form's text ends in the blob."""
    return int64(tables.form_offset[form + 1])


@inline
def form_flags(form: Int, tables: PackTables) -> Int:
    """Return a form's FormFlag bits, none for -1."""
    return int64(tables.form_flags[form]) if form >= 0 else int64(0)


@inline
def form_mass(form: Int, tables: PackTables) -> Int:
    """Return what the common candidates of one of a form's readings weigh at most, in units of 256, less one."""
    return int64(tables.form_mass[form])


@inline
def first_reading(form: Int, tables: PackTables) -> Int:
    """Return the number of a form's first reading; `form` + 1 gives the end of its readings."""
    return int64(tables.form_reading[form])
