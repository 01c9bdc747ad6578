"""Plain-Python twin of augsvc.kernels.choose: which words of a row operations draw, and which of their edits stand."""

from __future__ import annotations

from collections.abc import Sequence

from augsvc.kernels.draft import NO_LIMIT, Step
from augsvc.kernels.gates import Gate
from augsvc.types import Action, TokenFlag, TokenKind

from .plain import Edit, Token
from .twin_propose import Planned, Row
from .twin_rng import ROW, below, draw

Numbered = list[tuple[int, Step]]


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


def behind_open(key: tuple[int, int], program: list[Step], gates: Sequence[Gate]) -> Numbered:
    """Return the steps, with their numbers, that stand behind no gate or an open one."""
    opened = {-1}
    for number, gate in enumerate(gates):
        if gate.parent in opened and admits(key, gate):
            opened.add(number)
    return [(number, step) for number, step in enumerate(program) if step.gate in opened]


def admits(key: tuple[int, int], gate: Gate) -> bool:
    """Say whether a gate opens: its interval holds the draw, or it is one of a sample taken member by member."""
    drawn = draw(key, gate.operation, ROW, 0)
    if not gate.of:
        return gate.low <= drawn < gate.high
    wanted, taken = gate.low + below(drawn, gate.high - gate.low + 1), list[int]()
    for place in range(gate.of):
        if below(draw(key, gate.operation, ROW, place + 1), gate.of - place) < wanted - len(taken):
            taken.append(place)
    return gate.place in taken


def changed_words(row: Row, group: list[Planned]) -> int:
    """Return how many words of the text a group's edits overlap, each edit at least one."""
    words = [t for t in row.tokens if t.kind == TokenKind.WORD and not t.flags & TokenFlag.CLITIC]
    return sum(max(1, sum(w.start < p.edit.end and w.end > p.edit.start for w in words)) for p in group)


def choose(row: Row, program: Numbered, limit: int = NO_LIMIT) -> list[Edit]:
    """Return the edits of one output row, in the order of the text; a group is numbered by its first in drawing."""
    chosen: list[Planned] = []
    kept: set[int] = set()
    words = count_words(row.tokens)
    may_change = float("inf") if limit == NO_LIMIT else limit * words // 2**32
    for number, step in program:
        left = wanted(words, draw(row.key, step.operation, ROW, 0), step)
        drawn = shuffled([t for t in range(len(row.tokens)) if row.fits(t, step)], row, step.operation)
        # who has more to give to who insists, and declined the first time, is asked again
        again = drawn if step.action in (Action.SYNONYM, Action.INSERTION) else []
        for turn, t in enumerate([*drawn, *again]):
            if left <= 0 or may_change <= 0:
                break
            random = draw(row.key, step.operation, ROW, 2 * turn + 3)
            group = row.group(t, step, random, insists=turn >= len(drawn))
            cells = set().union(*(planned.kept for planned in group or []))
            if group and not cells & kept and changed_words(row, group) <= may_change:
                may_change -= changed_words(row, group)
                name = len(chosen)
                chosen += [p._replace(edit=p.edit._replace(group=name, step=number)) for p in group]
                kept |= cells
                left -= 1
    return [planned.edit for planned in sorted(chosen, key=lambda planned: planned.cell)]
