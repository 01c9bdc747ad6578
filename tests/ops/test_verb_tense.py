"""Errors of tense: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("present", "He arrived yesterday.", {"He arrives yesterday."}),
        ("present", "We went home and slept.", {"We went home and sleep."}),
        ("present", "He arrived late.", set()),
        ("perfect", "I saw him last week.", {"I have seen him last week."}),
        ("future", "If it rains, we stay.", {"If it will rain, we stay."}),
        ("future", "If it rains we stay.", {"If it will rain we stay."}),
        ("future", "If it rains!", set()),
        ("future", "It rains.", set()),
        ("conditional", "I wish I could swim.", {"I wish I can swim."}),
        ("past", "She will leave tomorrow.", {"She left tomorrow."}),
    ],
)
def test_verb_tense_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "verb_tense", variant) == wrong
