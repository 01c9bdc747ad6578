"""Which words are edited: the rate, its limits, and conflicts with what earlier operations took.

Words of a row are drawn without replacement by a partial Fisher-Yates shuffle; one whose edits are declined, or meet an
edit that stands already, is passed over. So an operation pays for the words it changes, not for those it might.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy import int32, int64, uint32, uint64

from augsvc.kernels.draft import (
    CELL,
    CLAIM,
    CLAIM_END,
    CLITIC,
    END,
    GROUP,
    NO_LIMIT,
    START,
    STEP,
    WHAT_IS_LEFT,
    Draws,
    Program,
    Scene,
    Site,
    Step,
)
from augsvc.kernels.gates import is_open, open_gates
from augsvc.kernels.glance import find_begun, glance_at_row
from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.machine import trailing_zeros
from augsvc.kernels.propose import fill, fits
from augsvc.kernels.rng import ROW, below, block_of
from augsvc.kernels.scratch import scratch
from augsvc.kernels.splice import edit_size
from augsvc.types import EDIT_FIELDS, Action, Flag, Int, Int32s, Int64s, TokenColumns, TokenKind, Uint64s

SYNONYM, INSERTION, RULES = int(Action.SYNONYM), int(Action.INSERTION), int(Action.RULES)
WORD = int(TokenKind.WORD)
UNLIMITED = 1 << 62


class Board(NamedTuple):
    """Scratch of one row of at most T tokens: its gaps and tokens in turn are cells (gap 0, token 0, gap 1 ...)."""

    owner: Int32s  # [2 * T + 1] one more than the edit of the draft that holds the cell, 0 where it is free
    marks: Uint64s  # a bit for each cell: an edit stands there
    sites: Int32s  # [T] words that may be drawn
    seen: Int32s  # [T + 2] which row of the batch was glanced at, and the glances at its tokens
    draft: Int32s  # [2 * T + 4, DRAFT_FIELDS]


class Plan(NamedTuple):
    """What a pass will do: E edits over N output rows, in the order of the text."""

    edits: Int32s  # [E, EDIT_FIELDS]
    edit_rows: Int64s  # [N + 1] the first edit of each output row
    out_offsets: Int64s  # [N + 1] where each output row begins
    left: Int64s  # [N] how many words of it may still change


@inline
def quota_of(words: Int, random: Int, step: Step) -> Int:
    """Return how many groups to choose: rate times words, rounded stochastically, within the limits."""
    wanted = int64((uint64(step.rate) * uint64(words) + uint64(random)) >> uint64(32))
    return max(min(wanted, step.most), step.least)


@inline
def step_of(program: Int64s, index: Int) -> Step:
    """Return a row of a program."""
    row = program[index]
    return Step(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9])


@inline
def allowance(limit: Int, words: Int, left: Int) -> Int:
    """Return how many words of a row may change; `left` is what the pass before has left."""
    if limit == NO_LIMIT:
        return int64(UNLIMITED)
    return left if limit == WHAT_IS_LEFT else limit * words >> 32


@inline
def words_changed(tokens: TokenColumns, first: Int, stop: Int, draft: Int32s, at: Int, end: Int) -> Int:
    """Return how many words the edits [at, end) of a draft replace, each at least one; clitics are none."""
    count = int64(0)
    for edit in range(at, end):
        token: Int = first + (int64(draft[edit, CELL]) >> 1)
        changed: Int = int64(0)
        while token < stop and tokens.start[token] < draft[edit, END]:
            changed += int64(tokens.kind[token] == WORD and tokens.flags[token] & CLITIC == 0)
            token += 1
        count += int64(max(changed, 1))
    return count


@inline
def clear(board: Board, cells: Int) -> None:
    """Free the first `cells` cells."""
    board.owner[:cells] = 0
    board.marks[: (cells + 63) >> 6] = 0


@inline
def claim(board: Board, start: Int, end: Int) -> Flag:
    """Take the cells of the edits [start, end), all of them or none; say whether they were free."""
    draft, owner = board.draft, board.owner
    for edit in range(start, end):
        for cell in range(draft[edit, CLAIM], draft[edit, CLAIM_END]):
            if owner[cell]:
                return False
    for edit in range(start, end):
        for cell in range(draft[edit, CLAIM], draft[edit, CLAIM_END]):
            owner[cell] = int32(edit + 1)
    # what one edit of the group keeps clear may be where another stands
    for edit in range(start, end):
        own = int64(draft[edit, CELL])
        owner[own] = int32(edit + 1)
        board.marks[own >> 6] |= uint64(1) << uint64(own & 63)
    return True


@inline
def find_sites(scene: Scene, source: Int, step: Step, board: Board) -> Int:
    """Fill the board's `sites` with the tokens of a row that a step fits and return their number."""
    first, stop = int64(scene.tokens.first[source]), int64(scene.tokens.first[source + 1])
    if step.action == RULES:
        # operations, and copies of a row, share what its tokens look like
        if board.seen[0] != source:
            glance_at_row(scene, first, stop, board.seen)
            board.seen[0] = int32(source)
        return find_begun(scene, step, first, stop, board.seen, board.sites)
    count = int64(0)
    for token in range(first, stop):
        board.sites[count] = int32(token)
        count += int64(fits(step, scene.tokens, token, stop))
    return count


@inline
def take(scene: Scene, site: Site, number: Int, left: Int64s, row: Int, board: Board, at: Int) -> Int:
    """Draft the edits of a drawn word as a group of step `number`, if it has any and their cells are free.

    They may change no more words than are `left` for the row. Return the next index of the draft, `at` where nothing
    came of it.
    """
    draft, composed = board.draft, scene.arena.used[0]
    end = fill(scene, site, draft, at)
    changed: Int = int64(0)
    if left[row] < UNLIMITED:
        changed = words_changed(scene.tokens, site.first, site.stop, draft, at, end)
    if end == at or changed > left[row] or not claim(board, at, end):
        scene.arena.used[0] = composed
        return at
    left[row] -= changed
    for edit in range(at, end):
        draft[edit, GROUP], draft[edit, STEP] = int32(at), int32(number)
    return end


@inline
def choose_row(
    scene: Scene, draws: Draws, row: Int, words: Int, step: Step, number: Int, board: Board, left: Int64s, at: Int
) -> Int:
    """Draw the edits of step `number` for an output row into the draft from `at` on; return the next index.

    Where too few words take an edit when first drawn, all are asked once more, in the same order. Turn t has draws
    2 t + 2, which word, and 2 t + 3, what becomes of it, of the row's.
    """
    key, source, sites = draws.keys[row], draws.source[row], board.sites
    block = block_of(key, step.operation, uint32(ROW), 0)
    wanted = quota_of(words, block[0], step)
    if wanted <= 0 or left[row] <= 0:
        return at
    first, stop = scene.tokens.first[source], scene.tokens.first[source + 1]
    count = find_sites(scene, source, step, board)
    # only synonyms have more to give to who insists
    for turn in range(2 * count if step.action == SYNONYM or step.action == INSERTION else count):
        drawn = turn if turn < count else turn - count
        if turn & 1:
            block = block_of(key, step.operation, uint32(ROW), 2 * turn + 2)
        if turn < count:
            other = turn + below(block[0] if turn & 1 else block[2], count - turn)
            sites[turn], sites[other] = sites[other], sites[turn]
        random = block[1] if turn & 1 else block[3]
        site = Site(int64(sites[drawn]), first, stop, step, random, turn >= count, board.seen)
        end = take(scene, site, number, left, row, board, at)
        wanted -= int64(end > at)
        at = end
        if wanted == 0 or left[row] <= 0:
            break
    return at


@inline
def lay_row(board: Board, cells: Int, edits: Int32s, at: Int) -> Int:
    """Copy a row's drafted edits to `edits` from `at` on, in the order of the text; return the next index."""
    drafted = board.draft
    for word in range((cells + 63) >> 6):
        marks = board.marks[word]
        while marks != uint64(0):
            edit = int64(board.owner[word * 64 + trailing_zeros(marks)]) - 1
            for field in range(EDIT_FIELDS):
                edits[at, field] = drafted[edit, field]
            at += 1
            marks &= marks - uint64(1)
    return at


@kernel
def choose(
    scene: Scene, draws: Draws, offsets: Int64s, words: Int32s, program: Program, board: Board, plan: Plan
) -> Int:
    """Draw the edits of a pass into `plan`, operation by operation; return their number, -1 for too little arena.

    offsets [R + 1] are those of the text, words [R] the words of its rows.
    """
    at: Int = int64(0)
    edits, used, opened = plan.edits, scene.arena.used, scratch()
    used[0] = used[1] = 0
    board.seen[0] = int32(-1)
    plan.edit_rows[0] = plan.out_offsets[0] = 0
    for row in range(draws.source.shape[0]):
        source = draws.source[row]
        cells = 2 * (scene.tokens.first[source + 1] - scene.tokens.first[source]) + 1
        clear(board, cells)
        open_gates(program.gates, draws.keys[row], opened)
        plan.left[row] = allowance(program.limit, int64(words[source]), plan.left[row])
        drafted: Int = int64(0)
        for number in range(program.steps.shape[0]):
            step = step_of(program.steps, number)
            if is_open(step.gate, opened):
                drafted = choose_row(scene, draws, row, int64(words[source]), step, number, board, plan.left, drafted)
        begin = at
        at = lay_row(board, cells, edits, at)
        size = offsets[source + 1] - offsets[source]
        for edit in range(begin, at):
            size += edit_size(edits, edit, scene.tables) - int64(edits[edit, END]) + int64(edits[edit, START])
        plan.edit_rows[row + 1], plan.out_offsets[row + 1] = at, plan.out_offsets[row] + size
    return at if used[1] == 0 else int64(-1)
