"""Move a verb's particle across its object: pick up the book, pick the book up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("split", "She picked up the book.", {"She picked the book up."}),
        ("split", "They turned off the lights.", {"They turned the lights off."}),
        ("joined", "She picked the book up.", {"She picked up the book."}),
        ("joined", "They turned the lights off.", {"They turned off the lights."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "particle_movement", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("split", "She picked it up."),
        ("split", "He ran up the hill."),
        ("split", "They gave up the ghost."),
        ("joined", "She picked it up."),
        ("joined", "He took a step back."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "particle_movement", variant=variant) == {text}
