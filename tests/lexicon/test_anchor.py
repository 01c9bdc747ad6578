"""The drawn element of a pattern: the rarest one, where the direction does not matter."""

from __future__ import annotations

import pytest

from augsvc.lexicon.builder.rules.anchor import (
    ANYTHING_BESIDE,
    EVERY_TAG,
    Asked,
    Beside,
    Known,
    glance,
    rarest,
)
from augsvc.types import TAGS


def tags(*names: str) -> int:
    return sum(1 << TAGS.index(name) for name in names)


WORDS = {"the": Known(0.05, tags("DT")), "each": Known(0.0002, tags("DT")), ",": Known(0.04, 0)}
NOUN, ADJECTIVES, NOUNS = Asked(tags("NN"), None, ""), Asked(tags("JJ"), None, "*"), Asked(tags("NN"), None, "*")
EACH, THE, COMMA = (Asked(EVERY_TAG, frozenset({word}), "") for word in ("each", "the", ","))
PLURALS = Asked(tags("NN", "NNS"), None, "+")


@pytest.mark.parametrize(
    ("elements", "order", "expected"),
    [
        ([EACH, ADJECTIVES, NOUN], [2, 0], 0),
        ([EACH, NOUNS, NOUN], [2, 0], 2),
        ([NOUN, NOUNS, EACH], [0, 2], 0),
        ([THE, NOUN], [1, 0], 1),
        ([EACH, THE], [1, 0], 0),
        ([NOUN, COMMA], [0, 1], 0),
        ([PLURALS], [0], 0),
        ([EACH, PLURALS], [1, 0], 0),
    ],
)
def test_the_rarest_word_is_drawn_unless_the_pattern_is_found_from_one_side_alone(
    elements: list[Asked], order: list[int], expected: int
) -> None:
    assert rarest(elements, order, WORDS.__getitem__) == expected


MANY_NOUNS = Asked(EVERY_TAG, frozenset(f"noun{n}" for n in range(300)), "")
NO_NOUN = Asked(tags("NN", "DT"), None, "", frozenset({"each"}))
FIRST = Asked(tags("NN"), None, "", opens=True)


def known(word: str) -> Known:
    return WORDS.get(word, Known(0.0, tags("NN")))


@pytest.mark.parametrize(
    ("elements", "anchor", "before", "after"),
    [
        ([EACH, ADJECTIVES, NOUN], 0, ANYTHING_BESIDE, Beside(tags("JJ", "NN"))),
        ([EACH, ADJECTIVES, NOUN], 2, Beside(tags("JJ"), frozenset({"each"})), ANYTHING_BESIDE),
        ([NOUN, ADJECTIVES], 0, ANYTHING_BESIDE, ANYTHING_BESIDE),
        ([NOUN, COMMA], 0, ANYTHING_BESIDE, Beside(0, frozenset({","}))),
        ([THE, PLURALS, EACH], 1, Beside(0, frozenset({"the"})), Beside(tags("NN", "NNS"), frozenset({"each"}))),
        ([MANY_NOUNS, EACH], 1, Beside(tags("NN")), ANYTHING_BESIDE),
        ([EACH, NO_NOUN], 0, ANYTHING_BESIDE, Beside(tags("NN", "DT"), banned=frozenset({"each"}))),
        ([THE, FIRST, EACH], 1, ANYTHING_BESIDE, Beside(0, frozenset({"each"}))),
        ([THE, FIRST], 0, ANYTHING_BESIDE, ANYTHING_BESIDE),
    ],
)
def test_what_may_stand_beside_a_drawn_word(elements: list[Asked], anchor: int, before: Beside, after: Beside) -> None:
    found = glance(elements, anchor, known)
    assert (found.before, found.after) == (before, after)


def test_a_drawn_word_may_have_to_open_a_sentence_or_stand_next_to_what_does() -> None:
    assert [glance([FIRST, THE, EACH], anchor, known)[-2:] for anchor in range(3)] == [
        (True, False),
        (False, True),
        (False, False),
    ]
