"""Which element of a pattern the drawn word must suit: the rarest, so that few words are drawn in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from augsvc.types import TAGS

EVERY_TAG = (1 << len(TAGS)) - 1

SHARE_OF_TAG = 0.03
"""A tag's share of all words, about: words that are named are nearly always rarer."""


MOST_WORDS = 256
"""So many words of an element are told apart at a glance."""


class Known(NamedTuple):
    """What is known of a word: its share of running text, and the tags that it may have, as bits."""

    share: float
    tags: int


class Asked(NamedTuple):
    """What an element asks for: tags as bits, words where it names some, how often, and words that it does not take.

    `opens`: it opens a sentence.
    """

    tags: int
    words: frozenset[str] | None
    quantifier: str
    banned: frozenset[str] = frozenset()
    opens: bool = False

    @property
    def needed(self) -> bool:
        """Whether the pattern is not found without it."""
        return self.quantifier in ("", "+")


class Beside(NamedTuple):
    """What a token may be, the drawn one or one beside it: one of the words, or one with one of the tags if not banned.

    `needed`: there is one.
    """

    tags: int
    words: frozenset[str] = frozenset()
    banned: frozenset[str] = frozenset()
    needed: bool = True


class Glance(NamedTuple):
    """What may be told of a pattern by the drawn word and its neighbours.

    `opens`: the drawn word opens a sentence, `opened`: the token before that one does.
    """

    drawn: Beside
    before: Beside
    after: Beside
    opens: bool
    opened: bool

    @property
    def sides(self) -> tuple[Beside, Beside, Beside]:
        """What its three tokens may be, the drawn one first."""
        return self.drawn, self.before, self.after


ANYTHING_BESIDE = Beside(EVERY_TAG, needed=False)


def rarest(elements: Sequence[Asked], order: Sequence[int], known: Callable[[str], Known]) -> int:
    """Return the rarest element of a pattern, the first of `order` among equals, or the first where the order matters.

    Patterns grow from the drawn word on, each element as far as it can. So an element that takes as many as it may,
    and then one that might take the same words, must be met in the direction for which it was written.
    """
    seen = [_seen(element, known) for element in elements]
    single = [number for number in order if elements[number].quantifier == ""]
    safe = [number for number in single if _is_safe(elements, seen, number)]
    return min(safe, key=lambda number: _share(elements[number], seen[number], known), default=order[0])


def glance(elements: Sequence[Asked], anchor: int, known: Callable[[str], Known]) -> Glance:
    """Return what may be told at a glance of a pattern whose drawn word suits element `anchor`."""
    before, after = (beside(elements, anchor, step, known) for step in (-1, 1))
    # across the end of a sentence we do not look
    if elements[anchor].opens:
        before = ANYTHING_BESIDE
    if any(element.opens for element in elements[anchor + 1 :]):
        after = ANYTHING_BESIDE
    opens, next_to_it = elements[0].opens, anchor == 1 and elements[0].quantifier == ""
    return Glance(drawn(elements[anchor], known), before, after, opens and anchor == 0, opens and next_to_it)


def beside(elements: Sequence[Asked], anchor: int, step: int, known: Callable[[str], Known]) -> Beside:
    """Return what the token beside the drawn word may be.

    `step` is 1 for the token after it, -1 for the one before.
    """
    chain = [anchor] if elements[anchor].quantifier == "+" and step == 1 else []
    place = anchor + step
    while 0 <= place < len(elements):
        chain.append(place)
        if elements[place].needed:
            return _any_of([elements[e] for e in chain], known)
        place += step
    return ANYTHING_BESIDE


def drawn(element: Asked, known: Callable[[str], Known]) -> Beside:
    """Return what the drawn word may be."""
    if element.words is None:
        return Beside(element.tags, frozenset(), _few(element.banned))
    words = element.words - element.banned
    if _few(words):
        return Beside(0, words)
    # their tags tell nearly as much, but of marks and of words that the pack has not
    told = [known(word) for word in words]
    tags = reduce(or_, (word.tags for word in told if word.share), 0) & element.tags
    return Beside(
        tags, frozenset(word for word, seen in zip(words, told, strict=True) if not (seen.tags and seen.share))
    )


def _any_of(elements: Sequence[Asked], known: Callable[[str], Known]) -> Beside:
    by_tag = [element for element in elements if element.words is None]
    words = frozenset().union(*((element.words or frozenset()) - element.banned for element in elements))
    tags = reduce(or_, (element.tags & EVERY_TAG for element in by_tag), 0)
    if not _few(words):
        # their tags tell nearly as much; words without are marks
        tags = reduce(or_, (known(word).tags for word in words), tags)
        words = frozenset(word for word in words if not known(word).tags)
    banned = frozenset.intersection(*(_few(element.banned) for element in by_tag)) if by_tag else frozenset()
    return Beside(tags, words, banned)


def _few(words: frozenset[str]) -> frozenset[str]:
    """Return words if they are not too many to be told apart at a glance, else none."""
    return words if len(words) <= MOST_WORDS else frozenset()


def search_order(elements: Sequence[Asked], anchor: int, known: Callable[[str], Known]) -> list[int]:
    """Return the elements beside the drawn one in the order to look for them: the side first that is seldom found."""
    left, right = range(anchor - 1, -1, -1), range(anchor + 1, len(elements))
    sides = sorted((right, left), key=lambda side: min(_shares(elements, side, known), default=1.0))
    return [element for side in sides for element in side]


def _shares(elements: Sequence[Asked], side: Iterable[int], known: Callable[[str], Known]) -> Iterator[float]:
    for number in side:
        if elements[number].needed:
            yield _share(elements[number], _seen(elements[number], known), known)


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
