"""Errors of the choice of content words: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("missing", "It is too cold.", {"It is too."}),
        ("missing", "She is a doctor.", {"She a doctor."}),
        ("unnecessary", "She saw a dog.", {"She saw a dog dog.", "She saw saw a dog."}),
        ("replacement", "She made a mistake.", {"She did a mistake."}),
        ("replacement", "He said that it rained.", {"He told that it rained."}),
        ("replacement", "She made a cake.", set()),
    ],
)
def test_word_choice_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "word_choice", variant) == wrong
