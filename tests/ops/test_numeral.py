"""Write a small whole number before a plural noun as a word or in digits: three, 3."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("digits", "She has three dogs.", {"She has 3 dogs."}),
        ("words", "She has 3 dogs.", {"She has three dogs."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "numeral", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("digits", "One of the two thirds."),
        ("digits", "Two dogs bark."),
        ("digits", "She has three hundred dogs."),
        ("words", "It costs $ 5 dollars."),
        ("words", "On May 5 it rained."),
        ("words", "3 dogs bark."),
        ("words", "She has 3.5 dogs."),
        ("words", "It took 3 or 4 days."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "numeral", variant=variant) == {text}
