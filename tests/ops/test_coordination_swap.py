"""Swap the members of a coordination: cats and dogs, dogs and cats."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("They sell apples and oranges.", {"They sell oranges and apples."}),
        ("The soup was tasteless and unsafe.", {"The soup was unsafe and tasteless."}),
        ("Students and teachers were here.", {"Teachers and students were here."}),
    ],
)
def test_its_outcomes(text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "coordination_swap") == becomes


@pytest.mark.parametrize(
    "text",
    [
        "They sell apples, pears and oranges.",
        "He went and saw.",
        "Apples and fresh bread.",
    ],
)
def test_it_abstains(text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "coordination_swap") == {text}
