"""Errors of auxiliaries: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("missing", "She is reading the book.", {"She reading the book."}),
        ("missing", "Where do you live?", {"Where you live?"}),
        ("missing", "He was found.", set()),
        ("unnecessary", "I agree.", {"I am agree."}),
        ("unnecessary", "She went home.", {"She did went home."}),
        ("unnecessary", "I put it there.", set()),
        ("replacement", "He has been here.", {"He is been here."}),
        ("replacement", "They didn't know.", {"They weren't know."}),
    ],
)
def test_auxiliary_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "auxiliary", variant) == wrong
