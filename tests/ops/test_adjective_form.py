"""Errors of comparison: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("double", "This house is bigger than that.", {"This house is more bigger than that."}),
        ("double", "It is the biggest house.", {"It is the most biggest house."}),
        ("double", "It is more.", set()),
        ("analytic", "This house is bigger.", {"This house is more big."}),
        ("degree", "He is taller than me.", {"He is tall than me."}),
        ("degree", "It is very cold.", {"It is very colder."}),
    ],
)
def test_adjective_form_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "adjective_form", variant) == wrong
