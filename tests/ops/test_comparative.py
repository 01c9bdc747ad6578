"""Compare an adjective by its ending or by more and most: quieter, more quiet."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("synthetic", "It is more quiet than before.", {"It is quieter than before."}),
        ("synthetic", "He is the most clever man.", {"He is the cleverest man."}),
        ("analytic", "It is quieter than before.", {"It is more quiet than before."}),
        ("analytic", "He is the cleverest man.", {"He is the most clever man."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "comparative", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("synthetic", "We need more friendly people."),
        ("synthetic", "It is more and more quiet."),
        ("synthetic", "It is more expensive than before."),
        ("analytic", "It is bigger than before."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "comparative", variant=variant) == {text}
