"""Plain-Python twin of augsvc.kernels.splice: texts rewritten with slices of bytes."""

from __future__ import annotations

from augsvc.types import TokenFlag

from .plain import Edit


def written(edit: Edit, forms: list[str]) -> bytes:
    """Return what an edit writes: a form with its ASCII letters cased, or nothing."""
    form = forms[edit.form].encode() if edit.form >= 0 else b""
    if edit.case == TokenFlag.TITLE:
        return form[:1].upper() + form[1:]
    return form.upper() if edit.case == TokenFlag.UPPER else form


def splice(data: bytes, row: tuple[int, int], edits: list[Edit], forms: list[str]) -> tuple[bytes, list[int]]:
    """Return a row's new text, and where in it each replacement begins."""
    text, done, starts = b"", row[0], []
    for edit in edits:
        text += data[done : edit.start]
        starts.append(len(text))
        text += written(edit, forms)
        done = edit.end
    return text + data[done : row[1]], starts
