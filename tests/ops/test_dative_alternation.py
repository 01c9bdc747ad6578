"""Swap the two objects of a verb of giving: gave her a book, gave a book to her."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("prepositional", "She gave him a book.", {"She gave a book to him."}),
        ("prepositional", "They sent us the letters and left.", {"They sent us the letters and left."}),
        ("prepositional", "He gave the young man a chance.", {"He gave a chance to the young man."}),
        ("prepositional", "We give people hope.", {"We give hope to people."}),
        ("double_object", "She gave a book to him.", {"She gave him a book."}),
        ("double_object", "He gave a chance to the young man.", {"He gave the young man a chance."}),
        ("double_object", "We give hope to people.", {"We give people hope."}),
        ("double_object", "They sent the letters to us and left.", {"They sent the letters to us and left."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "dative_alternation", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("prepositional", "She gave him a look."),
        ("prepositional", "She gave him it."),
        ("prepositional", "She gave her book away."),
        ("double_object", "She gave a look to him."),
        ("double_object", "They sent the letters to the town."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "dative_alternation", variant=variant) == {text}
