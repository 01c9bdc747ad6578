"""Errors of the number of nouns: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("singular", "She has two dogs.", {"She has two dog."}),
        ("singular", "One of my friends was here.", {"One of my friend was here."}),
        ("singular", "She saw these lost dogs.", {"She saw these lost dog."}),
        ("singular", "She saw those out in the open dogs.", {"She saw those out in the open dog."}),
        ("singular", "Dogs bark.", set()),
        ("plural", "She saw a dog.", {"She saw a dogs."}),
        ("plural", "Every man knows it.", {"Every men knows it."}),
        ("plural", "The dog slept.", set()),
        ("subject", "The child sleeps.", {"The children sleeps."}),
        ("subject", "The women meet.", {"The woman meet."}),
        ("subject", "The team wins every week.", {"The teams wins every week."}),
        ("subject", "Here the women meet.", set()),
    ],
)
def test_noun_number_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "noun_number", variant) == wrong
