"""Shift a sentence of one clause from the present to the past, or back: she walks home, she walked home."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("past", "She walks home.", {"She walked home."}),
        ("past", "They are in the garden.", {"They were in the garden."}),
        ("present", "She walked home.", {"She walks home."}),
        ("present", "They were in the garden.", {"They are in the garden."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "tense_shift", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("past", "She walks home now."),
        ("past", "She says he is here."),
        ("past", "She has walked home."),
        ("present", "She walked home yesterday."),
        ("present", "She said he was here."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "tense_shift", variant=variant) == {text}
