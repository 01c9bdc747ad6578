"""Scan, match, choose, splice: a pipeline over a batch, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from augsvc.batch import MAX_BYTES, Keys, TextBatch, TokenBatch
from augsvc.constraints import Ranges, guard
from augsvc.errors import TooLarge
from augsvc.kernels.choose import Board, Plan, choose
from augsvc.kernels.draft import Draws, Program, Scene
from augsvc.kernels.guard import carry
from augsvc.kernels.splice import REPORT_FIELDS, Splice, splice
from augsvc.lexicon import Lexicon
from augsvc.pipeline.output import Output, new_bytes
from augsvc.pipeline.spec import Compiled, Pipeline
from augsvc.pipeline.workspace import Workspace, borrow, give_back, of_pass
from augsvc.types import Bools, Bytes, Int32s, Int64s, PackTables

BLOCK_BYTES = 1 << 17
"""Text is worked through in blocks of whole rows of about this size, so that their arrays stay in the cache."""


class PassResult(NamedTuple):
    """What one pass did: its edits, row by row in the order of the text, and the N texts it wrote."""

    work: Splice  # the texts it read, and the edits
    out: TextBatch
    result_start: Int32s  # [E] where the replacement begins, in bytes of out.data
    report: Int32s  # [E, REPORT_FIELDS] the edits as `splice` tells them
    left: Int64s  # [N] how many words may still change


def augment(texts: TextBatch, pipeline: Pipeline, lexicon: Lexicon, keys: Keys) -> TextBatch:
    """Augment a batch: output row i is row keys.source[i] under key i; keys.source must not fall from row to row.

    Pure, and mostly without the GIL. The pipeline is one of numbers: that of the keys' epoch, by `Pipeline.at`.
    """
    spaces, sizes = borrow(), np.diff(texts.offsets)[keys.source]
    output, offsets = Output(int(sizes.sum())), np.zeros(len(sizes) + 1, np.int64)
    for start, stop, low, high in _cuts(sizes, keys.source):
        before = output.size
        block = texts.slice(low, high)
        done = run(block, pipeline, lexicon, keys.slice(start, stop, low), spaces, output=output.room)[-1]
        np.add(done.out.offsets[1:], before, out=offsets[start + 1 : stop + 1])
    give_back(spaces)
    return TextBatch(output.data(), offsets, _valid(texts, keys))


def _valid(texts: TextBatch, keys: Keys) -> Bools | None:
    return None if texts.valid is None else texts.valid[keys.source]


def _cuts(sizes: Int64s, source: Int64s) -> Iterator[tuple[int, int, int, int]]:
    """Cut output rows of the given bytes into runs [start, stop) of about BLOCK_BYTES; yield their sources' range too.

    A run has one row at least.
    """
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + BLOCK_BYTES, side="right")))
        yield start, stop, int(source[start]), int(source[stop - 1]) + 1
        start = stop


def run(
    texts: TextBatch,
    pipeline: Pipeline,
    lexicon: Lexicon,
    keys: Keys,
    spaces: list[Workspace],
    ranges: Ranges | None = None,
    output: Callable[[int], Bytes] = new_bytes,
) -> list[PassResult]:
    """Run all passes over a block and return what each did; its arrays, but for texts, hold until `spaces` serve again.

    `ranges` are protected stretches (row, start, end) in bytes of the row. Raises TooLarge past 2 GiB.
    """
    tables = lexicon.tables
    check_size(len(texts.data))
    columns, words = of_pass(spaces, 0).reader(len(texts.data), len(texts))
    tokens = TokenBatch.scan(texts, tables, pipeline.protect.kind_bits, columns, words)
    guard(tokens, pipeline.protect, tables, ranges or [])
    done: list[PassResult] = []
    programs = pipeline.programs(lexicon)
    for number, program in enumerate(programs):
        space = of_pass(spaces, number)
        if done:
            keys = Keys(keys.words, np.arange(len(keys.words)), 1)
            tokens = _next_tokens(tokens, done[-1], tables, space)
        last = number == len(programs) - 1
        left = done[-1].left if done else None
        done.append(_pass(tokens, program, lexicon, keys, space, output if last else new_bytes, left))
    return done


def _next_tokens(tokens: TokenBatch, before: PassResult, tables: PackTables, space: Workspace) -> TokenBatch:
    """Tokenize what a pass wrote; what was protected still is."""
    after = TokenBatch.scan(before.out, tables, 0, *space.reader(len(before.out.data), len(before.out)))
    carry(tokens.columns, before.work, tables, before.result_start, before.out.offsets, after.columns)
    return after


def _pass(
    tokens: TokenBatch,
    compiled: Compiled,
    lexicon: Lexicon,
    keys: Keys,
    space: Workspace,
    output: Callable[[int], Bytes],
    left: Int64s | None,
) -> PassResult:
    texts, rows, tables = tokens.texts, len(keys.source), lexicon.tables
    plan, board, program = space.plan(rows, _most_edits(tokens, keys)), space.board(tokens.count), compiled.program
    scene = Scene(texts.data, tokens.columns, tables, lexicon.articles, space.arena, compiled.strings, compiled.glances)
    count = draw_edits(space, scene, keys.draws, texts.offsets, tokens.words, program, board, plan, left)
    offsets = plan.out_offsets[: rows + 1].copy()
    size = int(offsets[-1])
    check_size(size)
    work = Splice(texts.data, texts.offsets, keys.source, plan.edits, plan.edit_rows, space.arena.data)
    out, result_start, report = output(size), np.empty(count, np.int32), np.empty((count, REPORT_FIELDS), np.int32)
    splice(work, tables, offsets, out, result_start, report)
    out.setflags(write=False)
    return PassResult(work, TextBatch(out, offsets), result_start, report, plan.left[:rows])


def draw_edits(
    space: Workspace,
    scene: Scene,
    draws: Draws,
    offsets: Int64s,
    words: Int32s,
    program: Program,
    board: Board,
    plan: Plan,
    left: Int64s | None = None,
) -> int:
    """Draw the edits of a pass into `plan` and return their number; the workspace gets a larger arena if it must.

    `left` are the words of each output row that the pass before lets change.
    """
    while True:
        if left is not None:
            plan.left[: len(left)] = left
        count = int(choose.entry(scene, draws, offsets, words, program, board, plan))
        if count >= 0:
            return count
        scene = scene._replace(arena=space.larger_arena())


def _most_edits(tokens: TokenBatch, keys: Keys) -> int:
    """Return how many edits all output rows can have: one a cell."""
    if keys.copies:
        return 2 * tokens.count * keys.copies + len(keys.source)
    return int((np.diff(tokens.columns.first) * 2 + 1)[keys.source].sum())


def check_size(size: int) -> None:
    """Raise TooLarge where a text of so many bytes is more than offsets of 32 bits reach."""
    if size > MAX_BYTES:
        raise TooLarge("a single text, or its variation, exceeds 2 GiB: cut it into parts")
