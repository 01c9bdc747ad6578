"""Errors of contractions: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("apostrophe", "They don't know.", {"They dont know."}),
        ("apostrophe", "I've seen it.", {"Ive seen it."}),
        ("apostrophe", "The dog's bone is old.", set()),
        ("missing", "She's going home.", {"She going home."}),
        ("unnecessary", "I want it.", {"I'm want it."}),
        ("unnecessary", "He likes it.", {"He's likes it."}),
        ("replacement", "You're late.", {"You've late."}),
    ],
)
def test_apostrophe_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "apostrophe", variant) == wrong
