"""One text at a time through one pass: what a short text costs is calls and arrays, so here are the fewest of both.

The result is that of `augsvc.pipeline.run.run` on a batch of one.
"""

from __future__ import annotations

import numpy as np

from augsvc.kernels.choose import choose
from augsvc.kernels.draft import Scene
from augsvc.kernels.read import read
from augsvc.kernels.rng import row_keys
from augsvc.kernels.splice import Splice, splice
from augsvc.lexicon import Lexicon
from augsvc.pipeline.run import check_size
from augsvc.pipeline.spec import Pipeline
from augsvc.pipeline.workspace import Workspace


def is_single(pipeline: Pipeline) -> bool:
    """Say whether a pipeline is one pass that protects by kinds alone."""
    return len(pipeline.stages) == 1 and not pipeline.protect.words and not pipeline.protect.patterns


class Single:
    """A pipeline for which `is_single` holds, with a lexicon, a seed and an epoch."""

    __slots__ = ("_compiled", "_epoch", "_field", "_kinds", "_lexicon", "_seed", "_space")

    def __init__(
        self, pipeline: Pipeline, lexicon: Lexicon, seed: int, epoch: int, space: Workspace, field: int = 0
    ) -> None:
        self._lexicon, self._compiled, self._kinds = lexicon, pipeline.programs(lexicon)[0], pipeline.protect.kind_bits
        # the first call settles the width of a kernel's arguments
        self._seed, self._epoch, self._space, self._field = int(seed), int(epoch), space, int(field)

    def augment(self, raw: bytes, row: int) -> tuple[bytes, list[list[int]]]:
        """Return copy 0 of a text under the key's row, and its edits as `splice` reports them.

        Raises:
            TooLarge: the text, or its variation, exceeds 2 GiB.
        """
        size, tables, space = len(raw), self._lexicon.tables, self._space
        check_size(size)
        offsets, key_row, zero, draws = space.line
        offsets[1], key_row[0] = size, row
        row_keys(self._seed, self._epoch, key_row, zero, draws.keys)
        draws.keys[0, 2] = self._field
        data = np.frombuffer(raw, np.uint8)
        columns, words = space.reader(size, 1)
        tokens = int(read(data, offsets, tables, self._kinds, columns, words))
        plan, board = space.plan(1, 2 * tokens + 1), space.board(tokens)
        arena, count, (program, strings) = space.arena, -1, self._compiled
        while count < 0:
            scene = Scene(data, columns, tables, self._lexicon.articles, arena, strings)
            count = int(choose(scene, draws, offsets, words, program, board, plan))
            arena = arena if count >= 0 else space.larger_arena()
        length = int(plan.out_offsets[1])
        check_size(length)
        out, starts, report = space.output(length, count)
        work = Splice(data, offsets, zero, plan.edits, plan.edit_rows, arena.data)
        splice(work, tables, plan.out_offsets, out, starts, report)
        return out[:length].tobytes(), report[:count].tolist()
