"""Errors of adjectives and adverbs: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("adjective", "It was extremely good.", {"It was extreme good."}),
        ("adjective", "He ran fast.", set()),
        ("adverb", "She has a quick answer.", {"She has a quickly answer."}),
        ("adverb", "He is happy.", {"He is happily."}),
        ("adverb", "We need an early start.", set()),
    ],
)
def test_adverb_form_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "adverb_form", variant) == wrong
