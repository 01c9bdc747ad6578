"""Columns as plain Python objects, for twins to work on, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from augsvc.batch import TextBatch, TokenBatch, empty_edits
from augsvc.kernels.propose import Draws
from augsvc.types import EditColumns, PackTables, TokenColumns


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
    """A row of EditColumns."""

    row: int
    start: int
    end: int
    cell: int
    cell_end: int
    form: int
    case: int
    repair: int
    group: int


def tokens_of(columns: TokenColumns) -> list[list[Token]]:
    """Return the tokens of each row."""
    tokens = [Token(*fields) for fields in zip(*(column.tolist() for column in columns[1:]), strict=True)]
    return [tokens[start:stop] for start, stop in zip(columns.first[:-1], columns.first[1:], strict=True)]


def edits_of(columns: EditColumns, count: int) -> list[Edit]:
    """Return the first `count` edits."""
    return [Edit(*fields) for fields in zip(*(column[:count].tolist() for column in columns), strict=True)]


def columns_of(edits: Sequence[Edit]) -> EditColumns:
    """Return edits as columns."""
    columns = empty_edits(len(edits))
    for number, name in enumerate(EditColumns._fields):
        getattr(columns, name)[:] = [edit[number] for edit in edits]
    return columns


def scan(texts: Sequence[str], tables: PackTables, masks: Iterable[int] = ()) -> TokenBatch:
    """Tokenize texts; `masks` protect the first tokens of the batch, in order."""
    batch = TokenBatch.scan(TextBatch.from_strings(texts), tables)
    given = np.fromiter(masks, np.uint8)[: batch.count]
    batch.columns.mask[: len(given)] = given
    return batch


def draws_for(source: Sequence[int], operation: int) -> Draws:
    """Return the randomness of output rows, each with a key of its own."""
    keys = np.arange(2 * len(source), dtype=np.uint32).reshape(-1, 2)
    return Draws(keys, np.array(source, np.int64), operation)
