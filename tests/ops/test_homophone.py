"""Errors of homophones: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("possessive", "They lost their dog.", {"They lost there dog.", "They lost they're dog."}),
        ("contraction", "You're late.", {"Your late."}),
        ("contraction", "The dog's late.", set()),
        ("function_word", "There is more than that.", {"Their is more than that.", "There is more then that."}),
        ("content_word", "We hear the sea.", {"We here the sea."}),
        ("content_word", "We saw the sun.", set()),
    ],
)
def test_homophone_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "homophone", variant) == wrong
