"""Change the pronoun of a restrictive relative clause: people who, people that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("that", "People who are ill cough.", {"People that are ill cough."}),
        ("that", "The car which was stolen is here.", {"The car that was stolen is here."}),
        ("wh", "People that are ill cough.", {"People who are ill cough."}),
        ("wh", "The car that was stolen is here.", {"The car which was stolen is here."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "relative_pronoun", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("that", "My brother, who is ill, coughs."),
        ("that", "The house in which he lives is old."),
        ("that", "Bush who is here spoke."),
        ("wh", "The idea that was wrong is that it is flat."),
        ("wh", "All that is here is his."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "relative_pronoun", variant=variant) == {text}
