"""Turn a clear transitive clause into the passive, or back: the boy kicked the ball."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("passive", "The boy kicked the ball.", {"The ball was kicked by the boy."}),
        ("passive", "He wrote the letters.", {"The letters were written by him."}),
        ("passive", "They left when she opened the door.", {"They left when the door was opened by her."}),
        ("active", "The ball was kicked by the boy.", {"The boy kicked the ball."}),
        ("active", "The letters were written by him.", {"He wrote the letters."}),
        ("active", "They left when the door was opened by her.", {"They left when she opened the door."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "voice", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("passive", "The dog had the man."),
        ("passive", "He wrote the letters and left."),
        ("passive", "She opened her door."),
        ("active", "The man was bitten."),
        ("active", "The man was seen by night."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "voice", variant=variant) == {text}
