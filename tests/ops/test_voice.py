"""Turn a clear transitive clause into the passive, or back: the boy kicked the ball."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("passive", "The boy kicked the ball.", {"The ball was kicked by the boy."}),
        ("passive", "The police arrested him.", {"He was arrested by the police."}),
        ("passive", "A reboot fixed the problems.", {"The problems were fixed by a reboot."}),
        ("passive", "They left when the man opened the door.", {"They left when the door was opened by the man."}),
        ("passive", "The owner chases them.", {"They are chased by the owner."}),
        ("active", "The ball was kicked by the boy.", {"The boy kicked the ball."}),
        ("active", "He was arrested by the police.", {"The police arrested him."}),
        ("active", "The film is directed by the author.", {"The author directs the film."}),
        ("active", "The problems were fixed by a reboot.", {"A reboot fixed the problems."}),
        ("active", "They left when the door was opened by the man.", {"They left when the man opened the door."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "voice", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("passive", "The dog had the man."),
        ("passive", "He wrote the letters and left."),
        ("passive", "The man wrote his letters."),
        ("passive", "Every boy kicked a ball."),
        ("passive", "That is where the rubber hits the road."),
        ("passive", "She opened her door."),
        ("active", "The man was bitten."),
        ("active", "The man was arrested by Mr. Smith."),
        ("active", "His letters were written by the man."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "voice", variant=variant) == {text}
