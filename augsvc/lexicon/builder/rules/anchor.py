"""Which element of a pattern the drawn word must suit: the rarest, so that few words are drawn in vain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from augsvc.types import TAGS

EVERY_TAG = (1 << len(TAGS)) - 1

ANY_TOKEN = -1

SHARE_OF_TAG = 0.03
"""A tag's share of all words, about: words that are named are nearly always rarer."""


class Known(NamedTuple):
    """What is known of a word: its share of running text, and the tags that it may have, as bits."""

    share: float
    tags: int


class Asked(NamedTuple):
    """What an element asks for: tags as bits, words where it names some, and how often."""

    tags: int
    words: frozenset[str] | None
    quantifier: str

    @property
    def needed(self) -> bool:
        """Whether the pattern is not found without it."""
        return self.quantifier in ("", "+")


def rarest(elements: Sequence[Asked], order: Sequence[int], known: Callable[[str], Known]) -> int:
    """Return the rarest element of a pattern, the first of `order` among equals, or the first where the order matters.

    Patterns grow from the drawn word on, each element as far as it can. So an element that takes as many as it may,
    and then one that might take the same words, must be met in the direction for which it was written.
    """
    seen = [_seen(element, known) for element in elements]
    single = [number for number in order if elements[number].quantifier == ""]
    safe = [number for number in single if _is_safe(elements, seen, number)]
    return min(safe, key=lambda number: _share(elements[number], seen[number], known), default=order[0])


def beside(elements: Sequence[Asked], anchor: int, step: int, known: Callable[[str], Known]) -> int:
    """Return the tags that the token beside the drawn word may have, as bits: -1 where there need be none.

    `step` is 1 for the token after it, -1 for the one before.
    """
    tags, place = 0, anchor + step
    if elements[anchor].quantifier == "+" and step == 1:
        tags = _seen(elements[anchor], known) or ANY_TOKEN
    while 0 <= place < len(elements):
        # marks have no tags that we know
        tags |= _seen(elements[place], known) or ANY_TOKEN
        if elements[place].needed:
            return ANY_TOKEN if tags == ANY_TOKEN or tags & EVERY_TAG == EVERY_TAG else tags
        place += step
    return ANY_TOKEN


def _seen(element: Asked, known: Callable[[str], Known]) -> int:
    """Return the tags of the words that an element takes."""
    if element.words is None:
        return element.tags & EVERY_TAG
    tags = 0
    for word in element.words:
        tags |= known(word).tags
    return tags & element.tags


def _share(element: Asked, seen: int, known: Callable[[str], Known]) -> float:
    if element.words is not None:
        return sum(known(word).share for word in element.words)
    return SHARE_OF_TAG * seen.bit_count()


def _is_safe(elements: Sequence[Asked], seen: Sequence[int], anchor: int) -> bool:
    """Say whether no element can take what the next one, on the way out from the anchor, is there for."""
    right = zip(range(anchor + 1, len(elements)), range(anchor + 2, len(elements)), strict=False)
    left = zip(range(anchor - 1, 0, -1), range(anchor - 2, -1, -1), strict=False)
    return not any(
        elements[a].quantifier and _meet(elements[a], elements[b], seen[a] & seen[b]) for a, b in (*right, *left)
    )


def _meet(one: Asked, other: Asked, both: int) -> bool:
    if one.words is not None and other.words is not None:
        return bool(one.words & other.words)
    return both != 0
