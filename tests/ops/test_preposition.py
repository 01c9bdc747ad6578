"""Errors of prepositions: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("missing", "We depend on him.", {"We depend him."}),
        ("missing", "He is afraid of dogs.", {"He is afraid dogs."}),
        ("missing", "She arrived at noon on Monday.", {"She arrived noon on Monday."}),
        ("unnecessary", "They discussed the plan.", {"They discussed about the plan."}),
        ("unnecessary", "He went home.", {"He went to home."}),
        (
            "unnecessary",
            "We saw him last week.",
            {"We saw him at last week.", "We saw him in last week.", "We saw him on last week."},
        ),
        (
            "replacement",
            "She is interested in music.",
            {"She is interested at music.", "She is interested for music.", "She is interested on music."},
        ),
        ("replacement", "He came on Monday.", {"He came at Monday."}),
        ("replacement", "We sat on the floor.", set()),
    ],
)
def test_preposition_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "preposition", variant) == wrong
