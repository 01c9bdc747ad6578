"""Errors of conjunctions: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("missing", "We saw the cat and the dog.", {"We saw the cat the dog."}),
        ("missing", "He was cold, but he stayed.", {"He was cold, he stayed."}),
        ("missing", "It is big and red.", set()),
        ("unnecessary", "Although it rained, we stayed.", {"Although it rained, but we stayed."}),
        ("replacement", "Both Tom and Ann left.", {"Both Tom or Ann left."}),
        ("replacement", "Neither Tom nor Ann left.", set()),
    ],
)
def test_conjunction_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "conjunction", variant) == wrong
