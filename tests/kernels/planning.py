"""Plans by kernel and by twin, for the tests of both halves of the planner."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from augsvc.batch import TokenBatch
from augsvc.kernels.choose import choose
from augsvc.kernels.draft import NO_LIMIT, Program, Scene, Step
from augsvc.kernels.gates import Gate
from augsvc.lexicon.glances import NOTHING_SEEN
from augsvc.pipeline.workspace import Workspace
from augsvc.types import Action, Articles, PackTables

from . import twin_choose, twin_splice
from .plain import NOTHING_COMPOSED, Edit, draws_for, edits_of, key_of, tag_by_readings, tokens_of
from .twin_propose import Row, Words

ALWAYS = 2**32
MOST = 2**31 - 1


def synonyms(rate: int = ALWAYS, least: int = 0, most: int = MOST, senses: int = 255, operation: int = 9) -> Step:
    return Step(operation, Action.SYNONYM, rate, least, most, senses, 0, 0)


def deletions(rate: int = ALWAYS, least: int = 0, most: int = MOST, operation: int = 8) -> Step:
    return Step(operation, Action.DELETION, rate, least, most, 0, 0, 0)


def planned(
    batch: TokenBatch,
    program: Sequence[Step],
    tables: PackTables,
    words: Words,
    source: Sequence[int],
    gates: Sequence[Gate] = (),
    limit: int = NO_LIMIT,
) -> list[list[Edit]]:
    """Return the edits of each output row by the kernel, checking that it measures what they will write."""
    space, forms = Workspace(), [*words.ids]
    tag_by_readings(batch.columns, tables)
    articles = Articles(words.ids["a"], words.ids["an"])
    scene = Scene(batch.texts.data, batch.columns, tables, articles, space.arena, NOTHING_COMPOSED, NOTHING_SEEN)
    plan = space.plan(len(source), 2 * batch.count * len(source) + len(source))
    steps = np.array(program, np.int64).reshape(-1, len(Step._fields))
    rows_of_gates = np.array(gates, np.int64).reshape(-1, len(Gate._fields))
    board, offsets = space.board(batch.count), batch.texts.offsets
    whole = Program(steps, rows_of_gates, limit)
    count = choose(scene, draws_for(source), offsets, batch.words, whole, board, plan)
    edits = edits_of(plan.edits, int(count))
    rows = [edits[start:stop] for start, stop in pairwise(plan.edit_rows[: len(source) + 1].tolist())]
    grown = [sum(len(twin_splice.written(e, forms)) - e.end + e.start for e in row) for row in rows]
    sizes = np.diff(offsets)[np.array(source, np.int64)] + np.array(grown, np.int64)
    assert np.diff(plan.out_offsets[: len(source) + 1]).tolist() == sizes.tolist()
    return rows


def twins(
    batch: TokenBatch,
    program: list[Step],
    words: Words,
    source: Sequence[int],
    gates: Sequence[Gate] = (),
    limit: int = NO_LIMIT,
) -> list[list[Edit]]:
    """Return the edits of each output row by the twin."""
    tag_by_readings(batch.columns, words.tables)
    tokens, data = tokens_of(batch.columns), batch.texts.data.tobytes()
    rows = [Row(data, tokens[row], key_of(n), words) for n, row in enumerate(source)]
    return [twin_choose.choose(row, twin_choose.behind_open(row.key, program, gates), limit) for row in rows]


def renamed(edits: list[Edit]) -> list[Edit]:
    """Return edits with their groups numbered as they come: what matters is which happen together."""
    numbers: dict[int, int] = {}
    return [edit._replace(group=numbers.setdefault(edit.group, len(numbers))) for edit in edits]


def groups_of(edits: list[Edit]) -> list[list[Edit]]:
    """Return the groups of a row's edits."""
    return [[edit for edit in edits if edit.group == number] for number in dict.fromkeys(e.group for e in edits)]
