"""Move an adverbial of time from the end of a sentence to its beginning, or back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("front", "She left the office yesterday.", {"Yesterday, she left the office."}),
        ("front", "The dog ate the cake last night.", {"Last night, the dog ate the cake."}),
        ("end", "Yesterday, she left the office.", {"She left the office yesterday."}),
        ("end", "Last night, the dog ate the cake.", {"The dog ate the cake last night."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "adverbial_fronting", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("front", "She said he left yesterday."),
        ("front", "She wants to leave tomorrow."),
        ("front", "The plans for today."),
        ("end", "Yesterday was a holiday."),
        ("end", "Yesterday, she said he left."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "adverbial_fronting", variant=variant) == {text}
