"""Plain-Python twin of augsvc.kernels.choose: which groups of a row happen, and what they occupy."""

from __future__ import annotations

from augsvc.kernels.choose import Quota
from augsvc.types import TokenFlag, TokenKind

from .plain import Edit, Token
from .twin_rng import ROW, below, draw


def count_words(tokens: list[Token]) -> int:
    return len([t for t in tokens if t.kind == TokenKind.WORD and not t.flags & TokenFlag.CLITIC])


def wanted(words: int, random: int, quota: Quota, groups: int) -> int:
    """Return rate * words, the fraction rounded up where the draw says so, within the limits and what there is."""
    whole, fraction = divmod(int(quota.rate) * words, 2**32)
    number = min(whole + (random + fraction >= 2**32), int(quota.most))
    return min(max(number, int(quota.least)), groups)


def choose(
    groups: list[list[Edit]], words: int, key: tuple[int, int], operation: int, quota: Quota, taken: set[int]
) -> set[int]:
    """Return the numbers of the groups that happen in one row, and add their cells to `taken`."""
    urn = [*range(len(groups))]
    chosen: set[int] = set()
    left = wanted(words, draw(key, operation, ROW, 0), quota, len(groups))
    for number in range(len(groups)):
        if len(chosen) == left:
            break
        place = number + below(draw(key, operation, ROW, number + 1), len(groups) - number)
        urn[number], urn[place] = urn[place], urn[number]
        cells = {cell for edit in groups[urn[number]] for cell in range(edit.cell, edit.cell_end)}
        if not cells & taken:
            taken |= cells
            chosen.add(urn[number])
    return chosen
