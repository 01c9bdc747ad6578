"""Shorten a relative clause: the book that I read, the man who is waiting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("object", "The book that I read was long.", {"The book I read was long."}),
        ("object", "He wants the book that they have seen.", {"He wants the book they have seen."}),
        ("subject", "I know the man who is waiting in the car.", {"I know the man waiting in the car."}),
        ("subject", "I saw a house that was built by him.", {"I saw a house built by him."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "relative_reduction", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("object", "The fact that I read is known."),
        ("object", "The news that he left was bad."),
        ("subject", "It is the man who is waiting in the car."),
        ("subject", "The man who is ill waits."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "relative_reduction", variant=variant) == {text}
