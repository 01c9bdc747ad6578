"""Errors of the genitive: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("missing", "My mother's house is old.", {"My mother house is old."}),
        ("missing", "The company's policy is old.", set()),
        ("unnecessary", "He saw the roof of the house.", {"He saw the roof's of the house."}),
        ("replacement", "My friends are here.", {"My friend's are here."}),
        ("replacement", "The women's team won.", {"The womens' team won."}),
    ],
)
def test_possessive_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "possessive", variant) == wrong
