"""Errors of punctuation: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("missing", "However, she left.", {"However she left.", "However, she left"}),
        ("missing", "If it rains, we stay.", {"If it rains we stay.", "If it rains, we stay"}),
        ("unnecessary", "The old man is here.", {"The old man, is here.", "The old, man is here."}),
        ("unnecessary", "He said that it rained.", {"He said, that it rained."}),
        ("replacement", "Where do you live?", {"Where do you live."}),
        ("comma_splice", "It rained; we stayed.", {"It rained, we stayed."}),
        ("comma_splice", "It rained. They stayed.", {"It rained, they stayed."}),
        ("run_on", "It rained. They stayed.", {"It rained they stayed."}),
    ],
)
def test_punctuation_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "punctuation", variant) == wrong
