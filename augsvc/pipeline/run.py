"""Scan, match, edits, choose, splice: a pipeline over a batch, block by block."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from augsvc.batch import MAX_BYTES, EditBatch, Keys, TextBatch, TokenBatch, empty_edits
from augsvc.constraints import Ranges, guard
from augsvc.errors import TooLarge
from augsvc.kernels.choose import Board, Proposals, choose
from augsvc.kernels.guard import carry
from augsvc.kernels.propose import Draws
from augsvc.kernels.splice import Splice, gather, measure, splice
from augsvc.lexicon import Lexicon
from augsvc.ops import Op
from augsvc.pipeline.spec import Named, Pipeline
from augsvc.types import EditColumns, Int32s, Int64s, PackTables

BLOCK_BYTES = 1 << 19
"""Text is worked through in blocks of whole rows of about this size, so that their arrays stay in the cache."""


@dataclass(frozen=True, slots=True)
class PassResult:
    """What one pass did: its edits in the order of (row, start), and the N texts it wrote."""

    work: Splice  # the texts it read, and the edits
    operation: Int32s  # [E] which operation of the pass
    out: TextBatch
    result_start: Int32s  # [E] where the replacement begins, in bytes of out.data


@dataclass(frozen=True, slots=True)
class Outcome:
    """A block of output rows, `start` ... `start` + N - 1 of the whole, with what each pass did."""

    start: int
    texts: TextBatch
    passes: tuple[PassResult, ...]


def augment(texts: TextBatch, pipeline: Pipeline, lexicon: Lexicon, keys: Keys) -> TextBatch:
    """Augment a batch: output row i is row keys.source[i] under key i. Pure, and mostly without the GIL."""
    parts = [outcome.texts for outcome in blocks(texts, pipeline, lexicon, keys)]
    if len(parts) == 1:
        return TextBatch(parts[0].data, parts[0].offsets, _valid(texts, keys))
    sizes = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.offsets) for part in parts)])
    data = np.concatenate([part.data for part in parts]) if parts else np.empty(0, np.uint8)
    data.setflags(write=False)
    return TextBatch(data, np.cumsum(sizes), _valid(texts, keys))


def _valid(texts: TextBatch, keys: Keys) -> np.ndarray[tuple[int], np.dtype[np.bool_]] | None:
    return None if texts.valid is None else texts.valid[keys.source]


def blocks(
    texts: TextBatch, pipeline: Pipeline, lexicon: Lexicon, keys: Keys, ranges: Ranges | None = None
) -> Iterator[Outcome]:
    """Augment a batch and yield it in blocks, with the edits; keys.source must not fall from row to row.

    `ranges` are protected stretches (row, start, end) in bytes of the row.
    """
    found = sorted(ranges or ())
    for start, stop in _cuts(np.diff(texts.offsets)[keys.source]):
        low, high = int(keys.source[start]), int(keys.source[stop - 1]) + 1
        inside = [(row - low, a, b) for row, a, b in found[bisect_left(found, (low,)) : bisect_left(found, (high,))]]
        yield Outcome(start, *_block(texts.slice(low, high), pipeline, lexicon, keys.slice(start, stop, low), inside))


def _cuts(sizes: Int64s) -> Iterator[tuple[int, int]]:
    """Cut rows of the given bytes into runs of about BLOCK_BYTES, at least one row each."""
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + BLOCK_BYTES, side="right")))
        yield start, stop
        start = stop


def _block(
    texts: TextBatch, pipeline: Pipeline, lexicon: Lexicon, keys: Keys, ranges: Ranges
) -> tuple[TextBatch, tuple[PassResult, ...]]:
    tables = lexicon.tables
    _check_size(len(texts.data))
    tokens = TokenBatch.scan(texts, tables)
    guard(tokens, pipeline.protect, tables, ranges)
    done: list[PassResult] = []
    for stage in pipeline.stages():
        if done:
            keys = Keys(keys.words, np.arange(len(keys.words)))
            tokens = _next_tokens(tokens, done[-1], tables)
        done.append(_pass(tokens, stage, lexicon, keys))
    return done[-1].out, tuple(done)


def _next_tokens(tokens: TokenBatch, before: PassResult, tables: PackTables) -> TokenBatch:
    """Tokenize what a pass wrote; what was protected still is."""
    after = TokenBatch.scan(before.out, tables)
    carry(tokens.columns, before.work, tables, before.result_start, before.out.offsets, after.columns)
    return after


def _pass(tokens: TokenBatch, stage: list[Named], lexicon: Lexicon, keys: Keys) -> PassResult:
    board = _board(tokens, keys)
    chosen = []
    for name, op in stage:
        draws = keys.draws(name)
        chosen.append(_choose(op.edits(tokens, lexicon, draws), op, board, draws))
    columns, operation = _merge(chosen)
    edit_rows = np.searchsorted(columns.row, np.arange(len(keys.source) + 1))
    work = Splice(tokens.texts.data, tokens.texts.offsets, keys.source, columns, edit_rows)
    return _splice(work, operation, lexicon.tables)


def _board(tokens: TokenBatch, keys: Keys) -> Board:
    cells = np.zeros(len(keys.source) + 1, np.int64)
    np.cumsum((np.diff(tokens.columns.first) * 2 + 1)[keys.source], out=cells[1:])
    return Board(tokens.words, cells, np.zeros(cells[-1], np.uint8))


def _choose(proposed: EditBatch, op: Op, board: Board, draws: Draws) -> EditColumns:
    groups = len(proposed.group_first) - 1
    chosen = np.empty(groups, np.uint8)
    proposals = Proposals(proposed.columns, proposed.group_first, proposed.group_rows)
    choose(proposals, board, draws, op.quota(), np.empty(groups, np.int32), chosen)
    kept = np.flatnonzero(np.repeat(chosen, np.diff(proposed.group_first)))
    out = empty_edits(len(kept))
    gather(proposed.columns, kept, out)
    return out


def _merge(chosen: list[EditColumns]) -> tuple[EditColumns, Int32s]:
    """Lay the edits of all operations in the order of the text; their groups stay apart."""
    if len(chosen) == 1:
        return chosen[0], np.zeros(len(chosen[0].row), np.int32)
    operation = np.repeat(np.arange(len(chosen), dtype=np.int32), [len(columns.row) for columns in chosen])
    laid: list[Any] = [np.concatenate(parts) for parts in zip(*chosen, strict=True)]
    joined = EditColumns(*laid)
    order = np.lexsort((joined.end, joined.start, joined.row))
    laid = [column[order] for column in joined]
    columns = EditColumns(*laid)
    return columns._replace(group=columns.group * len(chosen) + operation[order]), operation[order]


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise TooLarge("a single text, or its variation, exceeds 2 GiB: cut it into parts")


def _splice(work: Splice, operation: Int32s, tables: PackTables) -> PassResult:
    offsets = np.empty(len(work.source) + 1, np.int64)
    size = int(measure(work, tables, offsets))
    _check_size(size)
    out = np.empty(size, np.uint8)
    result_start = np.empty(len(operation), np.int32)
    splice(work, tables, offsets, out, result_start)
    out.setflags(write=False)
    return PassResult(work, operation, TextBatch(out, offsets), result_start)
