"""Move an adverb of the middle of the clause across its auxiliary: will probably win, probably will win."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("before_auxiliary", "She will probably win.", {"She probably will win."}),
        ("before_auxiliary", "The dog has already eaten.", {"The dog already has eaten."}),
        ("after_auxiliary", "She probably will win.", {"She will probably win."}),
        ("after_auxiliary", "The dog already has eaten.", {"The dog has already eaten."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "adverb_placement", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("before_auxiliary", "Will she probably win?"),
        ("before_auxiliary", "She will never win."),
        ("before_auxiliary", "She will probably not win."),
        ("after_auxiliary", "She probably left."),
        ("after_auxiliary", "Probably will do."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "adverb_placement", variant=variant) == {text}
