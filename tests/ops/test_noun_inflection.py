"""Errors of the inflection of nouns: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("regularized", "The children slept.", {"The childs slept."}),
        ("regularized", "Dogs bark.", set()),
        ("doubled", "The men left.", {"The mens left."}),
        ("uncountable", "We need information.", {"We need informations."}),
        ("uncountable", "We need help.", set()),
    ],
)
def test_noun_inflection_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "noun_inflection", variant) == wrong
