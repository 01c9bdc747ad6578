"""Errors of derivation: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("noun", "It is important to sleep.", {"It is importance to sleep."}),
        ("noun", "They want to educate him.", {"They want to education him."}),
        ("adjective", "He saw the importance of it.", {"He saw the important of it."}),
        ("verb", "We heard the discussion.", {"We heard the discuss."}),
    ],
)
def test_morphology_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "morphology", variant) == wrong
