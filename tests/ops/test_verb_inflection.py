"""Errors of the inflection of verbs: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("past", "They went home.", {"They goed home."}),
        ("past", "They walked home.", set()),
        ("third_person", "He tries it.", {"He trys it."}),
        ("gerund", "He is running.", {"He is runing."}),
    ],
)
def test_verb_inflection_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "verb_inflection", variant) == wrong
