"""One text at a time through one pass: what a short text costs is calls and arrays, so here are the fewest of both.

The result is that of `augsvc.pipeline.run.run` on a batch of one.
"""

from __future__ import annotations

from augsvc.kernels.choose import Plan
from augsvc.kernels.draft import Scene
from augsvc.kernels.read import read
from augsvc.kernels.rng import row_keys
from augsvc.kernels.splice import Splice, splice
from augsvc.lexicon import Lexicon
from augsvc.pipeline.run import check_size, draw_edits
from augsvc.pipeline.spec import Pipeline
from augsvc.pipeline.workspace import Workspace
from augsvc.types import Bytes, TokenColumns


class Single:
    """A pipeline of one pass that protects by kinds alone, with a lexicon and a workspace, where it is kept.

    What kernels take is made anew only where the workspace has grown since.
    """

    __slots__ = ("_compiled", "_kinds", "_scene", "_space", "_work", "lexicon", "pipeline")

    def __init__(self, pipeline: Pipeline, lexicon: Lexicon, space: Workspace) -> None:
        self.pipeline, self.lexicon, self._space = pipeline, lexicon, space
        self._compiled, self._kinds = pipeline.programs(lexicon)[0], pipeline.protect.kind_bits
        self._scene: Scene | None = None
        self._work: Splice | None = None

    @classmethod
    def of(cls, pipeline: Pipeline, lexicon: Lexicon, space: Workspace) -> Single | None:
        """Return the one that the workspace keeps, or a new one; None for a pipeline of another kind."""
        kept = space.single
        if kept is not None and kept.pipeline is pipeline and kept.lexicon is lexicon:
            return kept
        if len(pipeline.stages) > 1 or pipeline.protect.words or pipeline.protect.patterns:
            return None
        space.single = cls(pipeline, lexicon, space)
        return space.single

    def augment(self, raw: bytes, seed: int, epoch: int, row: int, field: int) -> tuple[bytes, list[list[int]]]:
        """Return copy 0 of a text under a key, and its edits as `splice` reports them.

        Raises:
            TooLarge: the text, or its variation, exceeds 2 GiB.
        """
        size, tables, space = len(raw), self.lexicon.tables, self._space
        check_size(size)
        data = space.text(raw)
        offsets, key_row, zero, draws = space.line
        offsets[1], key_row[0] = size, row
        row_keys.entry(seed, epoch, key_row, zero, draws.keys)
        draws.keys[0, 2] = field
        columns, words = space.reader(size, 1)
        tokens = int(read.entry(data, offsets, tables, self._kinds, columns, words))
        plan, board = space.plan(1, 2 * tokens + 1), space.board(tokens)
        scene, program = self._scene_of(data, columns), self._compiled.program
        count = draw_edits(space, scene, draws, offsets, words, program, board, plan)
        length = int(plan.out_offsets[1])
        check_size(length)
        out, starts, report = space.output(length, count)
        splice.entry(self._work_of(data, plan), tables, plan.out_offsets, out, starts, report)
        return out[:length].tobytes(), report[:count].tolist()

    def _scene_of(self, data: Bytes, columns: TokenColumns) -> Scene:
        kept, arena = self._scene, self._space.arena
        if kept is None or kept.data is not data or kept.tokens is not columns or kept.arena is not arena:
            lexicon, (_, strings, glances) = self.lexicon, self._compiled
            kept = self._scene = Scene(data, columns, lexicon.tables, lexicon.articles, arena, strings, glances)
        return kept

    def _work_of(self, data: Bytes, plan: Plan) -> Splice:
        kept, composed = self._work, self._space.arena.data
        if kept is None or kept.data is not data or kept.edits is not plan.edits or kept.composed is not composed:
            offsets, _, zero, _ = self._space.line
            kept = self._work = Splice(data, offsets, zero, plan.edits, plan.edit_rows, composed)
        return kept
