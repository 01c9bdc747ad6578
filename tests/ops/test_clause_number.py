"""Change the number of a subject and its verb: the dog barks, the dogs bark."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("plural", "The dog is in the garden.", {"The dogs are in the garden."}),
        ("plural", "The bird sings at night.", {"The birds sing at night."}),
        ("singular", "The dogs are in the garden.", {"The dog is in the garden."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "clause_number", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("plural", "The water is cold."),
        ("plural", "The dog is an animal."),
        ("plural", "The dog licks its nose."),
        ("plural", "A dog barks."),
        ("singular", "The people are here."),
        ("singular", "The dogs lick their noses."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "clause_number", variant=variant) == {text}
