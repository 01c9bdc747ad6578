"""Put have to for must and ought to for should, or the modal for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("periphrase", "We must go home.", {"We have to go home."}),
        ("periphrase", "She must leave.", {"She has to leave."}),
        ("periphrase", "They should stay.", {"They ought to stay."}),
        ("modal", "We have to go home.", {"We must go home."}),
        ("modal", "She has to leave.", {"She must leave."}),
        ("modal", "They ought to stay.", {"They should stay."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "modal_periphrase", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("periphrase", "She must be ill."),
        ("periphrase", "You must not go."),
        ("periphrase", "Must we go?"),
        ("periphrase", "If he should call, run."),
        ("modal", "We have to be ill."),
        ("modal", "They don't have to go."),
        ("modal", "The things we have to do."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "modal_periphrase", variant=variant) == {text}
