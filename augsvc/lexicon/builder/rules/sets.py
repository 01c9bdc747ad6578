"""Which patterns of a page may begin with a token, have it before or after, by its tag and by the word that it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from augsvc.lexicon.builder.rules.anchor import Beside, Glance
from augsvc.lexicon.builder.rules.code import EVERY
from augsvc.rulecode import NONE, SIDES, UNKNOWN_NUMBER
from augsvc.types import TAGS


def bits_of(which: Iterable[bool]) -> int:
    """Return the numbers of what holds as bits."""
    return sum(1 << number for number, holds in enumerate(which) if holds)


def sets_by_tag(glances: Sequence[Glance]) -> list[list[int]]:
    """Return for each tag, then for UNKNOWN and so on, the sets of patterns on each of SIDES."""
    sides = [*zip(*(glance.sides for glance in glances), strict=True)]
    return [
        [bits_of(_may_be(asked, tag, drawn=side == 0) for asked in sides[side]) for side in range(SIDES)]
        for tag in range(len(TAGS) + NONE + 1)
    ]


def sets_by_word(glances: Sequence[Glance]) -> dict[str, list[int]]:
    """Return for each word the sets of patterns that name it on each of SIDES, then those that do not take it."""
    found: dict[str, list[int]] = {}
    for number, glance in enumerate(glances):
        asked = [side.words for side in glance.sides] + [side.banned for side in glance.sides]
        for place, words in enumerate(asked):
            for word in words:
                found.setdefault(word, [0] * len(asked))[place] |= 1 << number
    return found


def _may_be(asked: Beside, tag: int, *, drawn: bool) -> bool:
    """Say whether a token may be what is asked for its tag, or for whatever else it is at a glance.

    A word that the pack has not may have any tag, but is not drawn for it, unless it is a number.
    """
    if not asked.needed or tag < len(TAGS):
        return not asked.needed or bool(asked.tags >> tag & 1)
    if tag == len(TAGS) + NONE:
        return False
    if not drawn:
        return asked.tags != 0
    number = tag == len(TAGS) + UNKNOWN_NUMBER and asked.tags >> TAGS.index("CD") & 1
    return asked.tags == EVERY or bool(number)
