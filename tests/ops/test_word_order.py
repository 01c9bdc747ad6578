"""Errors of word order: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("adjective", "She has a red car.", {"She has a car red."}),
        ("adjective", "Make the red car big.", set()),
        ("adverb", "He read it quickly.", {"He read quickly it."}),
        ("adverb", "It is good enough.", {"It is enough good."}),
        ("adverb", "He quickly left.", set()),
        ("question", "Where do you live?", {"Where you do live?"}),
        ("indirect_question", "I know what it is.", {"I know what is it."}),
        ("indirect_question", "I know why you can't come.", set()),
    ],
)
def test_word_order_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "word_order", variant) == wrong
