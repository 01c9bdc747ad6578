"""Write a word as in British or in American English: colour, color."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        (
            "british",
            "My favorite color is gray.",
            {"My favorite color is grey.", "My favorite colour is gray.", "My favourite color is gray."},
        ),
        ("british", "Organizations differ.", {"Organisations differ."}),
        (
            "american",
            "My favourite colour is grey.",
            {"My favorite colour is grey.", "My favourite color is grey.", "My favourite colour is gray."},
        ),
        ("american", "Organisations differ.", {"Organizations differ."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "spelling_variant", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("british", "The World Trade Center fell."),
        ("british", "He has a license to practice."),
        ("british", "They surprise and advertise."),
        ("american", "The Labour Party won."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "spelling_variant", variant=variant) == {text}
