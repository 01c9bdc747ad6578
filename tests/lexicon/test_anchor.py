"""The drawn element of a pattern: the rarest one, where the direction does not matter."""

from __future__ import annotations

import pytest

from augsvc.lexicon.builder.rules.anchor import ANY_TOKEN, EVERY_TAG, Asked, Known, beside, rarest
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


@pytest.mark.parametrize(
    ("elements", "anchor", "before", "after"),
    [
        ([EACH, ADJECTIVES, NOUN], 0, ANY_TOKEN, tags("JJ", "NN")),
        ([EACH, ADJECTIVES, NOUN], 2, tags("JJ", "DT"), ANY_TOKEN),
        ([NOUN, ADJECTIVES], 0, ANY_TOKEN, ANY_TOKEN),
        ([NOUN, COMMA], 0, ANY_TOKEN, ANY_TOKEN),
        ([THE, PLURALS, EACH], 1, tags("DT"), tags("NN", "NNS", "DT")),
    ],
)
def test_what_may_stand_beside_a_drawn_word(elements: list[Asked], anchor: int, before: int, after: int) -> None:
    found = [beside(elements, anchor, step, WORDS.__getitem__) for step in (-1, 1)]
    assert found == [before, after]
