"""Errors of orthography: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("case", "I came on Monday.", {"I came on monday.", "i came on Monday."}),
        ("case", "We met John.", {"we met John."}),
        ("capital", "She saw the dog.", {"She saw the Dog."}),
        ("joined", "I like him a lot.", {"I like him alot."}),
        ("split", "We play football today.", {"We play foot ball today."}),
    ],
)
def test_orthography_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "orthography", variant) == wrong
