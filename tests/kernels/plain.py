"""Columns as plain Python objects, for twins to work on, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from augsvc.batch import TextBatch, TokenBatch
from augsvc.kernels.draft import Draws
from augsvc.types import EDIT_FIELDS, Bytes, Int32s, PackTables, TokenColumns

NOTHING_COMPOSED: Bytes = np.zeros(0, np.uint8)
"""The text of an arena that nothing was written to."""


class Token(NamedTuple):
    """A row of TokenColumns."""

    start: int
    end: int
    kind: int
    flags: int
    hash: int
    form: int
    mask: int
    tag: int


class Edit(NamedTuple):
    """A row of edits."""

    start: int
    end: int
    form: int = -1
    case: int = 0
    repair: int = 0
    group: int = 0
    step: int = 0
    size: int = 0
    source: int = -1
    source_end: int = -1


def tokens_of(columns: TokenColumns) -> list[list[Token]]:
    """Return the tokens of each row."""
    tokens = [Token(*fields) for fields in zip(*(column.tolist() for column in columns[1:]), strict=True)]
    return [tokens[start:stop] for start, stop in zip(columns.first[:-1], columns.first[1:], strict=True)]


def edits_of(rows: Int32s, count: int) -> list[Edit]:
    """Return the first `count` edits; those of forms alone say nothing of size and source."""
    found = [Edit(*fields) for fields in rows[:count].tolist()]
    return [edit if edit.form < -1 else edit._replace(size=0, source_end=-1) for edit in found]


def columns_of(edits: Sequence[Edit]) -> Int32s:
    """Return edits as rows of numbers."""
    return np.array(edits, np.int32).reshape(-1, EDIT_FIELDS)


def scan(texts: Sequence[str], tables: PackTables, masks: Iterable[int] = (), kinds: int = 0) -> TokenBatch:
    """Tokenize texts; `masks` protect the first tokens of the batch, in order, and `kinds` (bits) others."""
    batch = TokenBatch.scan(TextBatch.from_strings(texts), tables, kinds)
    given = np.fromiter(masks, np.uint8)[: batch.count]
    batch.columns.mask[: len(given)] |= given
    return batch


def tag_by_readings(columns: TokenColumns, tables: PackTables) -> None:
    """Give each token the tag of its first reading, the first of all to one without: so no tagger is asked."""
    first, last = tables.form_reading[columns.form], tables.form_reading[columns.form + 1]
    tags = tables.reading_head[first] & 255
    columns.tag[:] = np.where((columns.form >= 0) & (first < last), tags, 0)


def key_of(row: int) -> tuple[int, int]:
    """Return the key that tests give an output row."""
    return 2 * row, 2 * row + 1


def draws_for(source: Sequence[int]) -> Draws:
    """Return the randomness of output rows, each with a key of its own."""
    keys = np.array([(*key_of(row), 0) for row in range(len(source))], np.uint32).reshape(-1, 3)
    return Draws(keys, np.array(source, np.int64))
