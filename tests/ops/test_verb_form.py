"""Errors of non-finite forms: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("infinitive", "They enjoy swimming in the sea.", {"They enjoy to swim in the sea."}),
        ("infinitive", "He has gone to the shop.", {"He has go to the shop."}),
        ("infinitive", "The building is old.", set()),
        ("gerund", "She can swim.", {"She can swimming."}),
        ("gerund", "We want to go home.", {"We want to going home."}),
        ("finite", "She can swim.", {"She can swam."}),
        ("finite", "He didn't know.", {"He didn't knew.", "He didn't knows."}),
        ("finite", "They need to work in it.", {"They need to worked in it."}),
        ("participle", "He has gone home.", {"He has went home."}),
        ("participle", "It was written in May.", {"It was wrote in May."}),
        ("missing_to", "I want to go.", {"I want go."}),
        ("missing_to", "All I did was to go.", set()),
        ("unnecessary_to", "She can swim.", {"She can to swim."}),
        ("unnecessary_to", "Let me know it.", {"Let me to know it."}),
    ],
)
def test_verb_form_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "verb_form", variant) == wrong
