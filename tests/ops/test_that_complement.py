"""Leave out or put in that before a clause: I think (that) she left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("dropped", "I think that he left.", {"I think he left."}),
        ("dropped", "She said that they're late.", {"She said they're late."}),
        ("added", "I think he left.", {"I think that he left."}),
        ("added", "She said they're late.", {"She said that they're late."}),
        ("added", "He told me he left.", {"He told me he left."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "that_complement", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("dropped", "The dog that he saw left."),
        ("dropped", "It was said that he left."),
        ("added", "As I said they left."),
        ("added", "You know they left."),
        ("added", "All I know they left."),
        ("added", "He saw her leave."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "that_complement", variant=variant) == {text}
