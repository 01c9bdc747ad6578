"""Errors of particles: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("missing", "It turned out to be a joke.", {"It turned to be a joke."}),
        ("missing", "They carried out the plan.", set()),
        (
            "unnecessary",
            "We discussed the plan.",
            {"We discussed off the plan.", "We discussed out the plan.", "We discussed up the plan."},
        ),
        ("replacement", "He grew up there.", {"He grew off there.", "He grew out there."}),
        ("replacement", "They gave up.", set()),
    ],
)
def test_particle_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "particle", variant) == wrong
