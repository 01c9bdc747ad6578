"""Errors of pronouns: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("case", "He saw me.", {"He saw I.", "Him saw me."}),
        ("case", "It is me.", set()),
        ("case", "My dog sleeps.", {"Mine dog sleeps."}),
        ("missing", "I stayed because it rained.", {"I stayed because rained."}),
        ("missing", "I stayed because it was late.", {"I stayed because was late."}),
        ("missing", "I like it.", {"I like."}),
        ("unnecessary", "My brother left.", {"My brother he left."}),
        ("unnecessary", "I think my brother left.", set()),
        ("unnecessary", "This car is old.", set()),
        ("replacement", "The book that I read is old.", {"The book what I read is old."}),
        ("replacement", "The man who left is here.", {"The man which left is here.", "The man whom left is here."}),
    ],
)
def test_pronoun_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "pronoun", variant) == wrong
