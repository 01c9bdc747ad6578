"""Which of the proposed groups happen: the rate, its limits, and conflicts with what earlier operations took."""

from __future__ import annotations

from typing import NamedTuple

from numpy import int32, int64, uint8, uint32, uint64

from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.propose import Draws
from augsvc.kernels.rng import ROW, below, draw
from augsvc.types import Bytes, EditColumns, Flag, Int, Int32s, Int64s, TokenColumns, TokenFlag, TokenKind

WORD, CLITIC = int(TokenKind.WORD), int(TokenFlag.CLITIC)


class Proposals(NamedTuple):
    """What one operation proposes: E edits in G groups over N output rows."""

    edits: EditColumns
    group_first: Int32s  # [G + 1] the first edit of each group
    group_rows: Int32s  # [N + 1] the first group of each output row


class Board(NamedTuple):
    """What the operations of a pass share."""

    words: Int32s  # [R] words of each source row
    cells: Int64s  # [N + 1] the first cell of each output row in `taken`
    taken: Bytes  # one byte a cell: 1 where an edit stands already


class Quota(NamedTuple):
    """How much of a row an operation may change, in groups of edits."""

    rate: Int  # share of the row's words, in units of 2**-32
    least: Int
    most: Int


@kernel
def count_words(tokens: TokenColumns, words: Int32s) -> None:
    """Fill words[R] with the number of words of each row, clitics apart."""
    for row in range(words.shape[0]):
        count = int64(0)
        for token in range(tokens.first[row], tokens.first[row + 1]):
            count += int64(tokens.kind[token] == WORD and tokens.flags[token] & CLITIC == 0)
        words[row] = int32(count)


@inline
def quota_of(words: Int, random: Int, quota: Quota, groups: Int) -> Int:
    """Return how many groups to choose: rate times words, rounded stochastically, within the limits."""
    wanted = int64((uint64(quota.rate) * uint64(words) + uint64(random)) >> uint64(32))
    return min(max(min(wanted, quota.most), quota.least), groups)


@inline
def claim(edits: EditColumns, start: Int, end: Int, base: Int, taken: Bytes) -> Flag:
    """Take the cells of the edits [start, end), all of them or none; say whether they were free."""
    for edit in range(start, end):
        for cell in range(base + edits.cell[edit], base + edits.cell_end[edit]):
            if taken[cell]:
                return False
    for edit in range(start, end):
        for cell in range(base + edits.cell[edit], base + edits.cell_end[edit]):
            taken[cell] = uint8(1)
    return True


@kernel
def choose(proposals: Proposals, board: Board, draws: Draws, quota: Quota, order: Int32s, chosen: Bytes) -> Int:
    """Set chosen[G] to 1 for the groups that happen and return the number of their edits; `order` [G] is scratch.

    Groups of a row are drawn without replacement by a partial Fisher-Yates shuffle; one that conflicts with an edit
    that stands already is passed over.
    """
    total = int64(0)
    for row in range(draws.source.shape[0]):
        first = int64(proposals.group_rows[row])
        groups = int64(proposals.group_rows[row + 1]) - first
        for i in range(groups):
            order[first + i] = int32(i)
            chosen[first + i] = uint8(0)
        random = draw(draws.keys[row], draws.operation, uint32(ROW), 0)
        wanted = quota_of(int64(board.words[draws.source[row]]), random, quota, groups)
        done = int64(0)
        while done < groups and wanted > 0:
            other = first + done + below(draw(draws.keys[row], draws.operation, uint32(ROW), done + 1), groups - done)
            group = first + int64(order[other])
            order[other] = order[first + done]
            done += 1
            start, end = int64(proposals.group_first[group]), int64(proposals.group_first[group + 1])
            if claim(proposals.edits, start, end, board.cells[row], board.taken):
                chosen[group] = uint8(1)
                wanted -= 1
                total += end - start
    return total
