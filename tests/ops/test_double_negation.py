"""Errors of double negation: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("I don't have any money.", {"I don't have no money."}),
        ("I can hardly see.", {"I can't hardly see."}),
        ("I have some money.", set()),
    ],
)
def test_double_negation_makes_these_errors_and_no_others(text: str, wrong: set[str]) -> None:
    assert outcomes(text, "double_negation", None) == wrong
