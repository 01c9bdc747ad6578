"""Plain-Python twin of augsvc.kernels.choose: which words of a row operations draw, and which of their edits stand."""

from __future__ import annotations

from augsvc.kernels.draft import Step
from augsvc.types import TokenFlag, TokenKind

from .plain import Edit, Token
from .twin_propose import Planned, Row
from .twin_rng import ROW, below, draw


def count_words(tokens: list[Token]) -> int:
    return len([t for t in tokens if t.kind == TokenKind.WORD and not t.flags & TokenFlag.CLITIC])


def wanted(words: int, random: int, step: Step) -> int:
    """Return rate * words, the fraction rounded up where the draw says so, within the limits."""
    whole, fraction = divmod(step.rate * words, 2**32)
    return max(min(whole + (random + fraction >= 2**32), step.most), step.least)


def shuffled(places: list[int], row: Row, operation: int) -> list[int]:
    """Return places as they are drawn: Fisher and Yates' shuffle, draw 2 n + 2 of the row for place n."""
    order = [*places]
    for n in range(len(order)):
        other = n + below(draw(row.key, operation, ROW, 2 * n + 2), len(order) - n)
        order[n], order[other] = order[other], order[n]
    return order


def choose(row: Row, program: list[Step]) -> list[Edit]:
    """Return the edits of one output row, in the order of the text; a group is numbered by its first in drawing."""
    chosen: list[Planned] = []
    kept: set[int] = set()
    words = count_words(row.tokens)
    for number, step in enumerate(program):
        left = wanted(words, draw(row.key, step.operation, ROW, 0), step)
        drawn = shuffled([t for t in range(len(row.tokens)) if row.fits(t, step)], row, step.operation)
        # who declined the first time is asked again, with more insistence
        for turn, t in enumerate([*drawn, *drawn]):
            if left <= 0:
                break
            random = draw(row.key, step.operation, ROW, 2 * turn + 3)
            group = row.group(t, step, random, insists=turn >= len(drawn))
            cells = set().union(*(planned.kept for planned in group or []))
            if group and not cells & kept:
                name = len(chosen)
                chosen += [p._replace(edit=p.edit._replace(group=name, step=number)) for p in group]
                kept |= cells
                left -= 1
    return [planned.edit for planned in sorted(chosen, key=lambda planned: planned.cell)]
