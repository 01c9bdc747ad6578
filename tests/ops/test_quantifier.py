"""Errors of quantifiers: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("countable", "She has many friends.", {"She has much friends."}),
        ("countable", "He reads a few books.", {"He reads a little books."}),
        ("uncountable", "There is not much information.", {"There is not many information."}),
    ],
)
def test_quantifier_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "quantifier", variant) == wrong
