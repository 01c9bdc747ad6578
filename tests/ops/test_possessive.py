"""Errors of the genitive: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

import augsvc

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("missing", "My mother's house is old.", {"My mother house is old."}),
        ("missing", "The company's policy is old.", set()),
        ("unnecessary", "He saw the roof of the house.", {"He saw the roof's of the house."}),
        ("replacement", "My friends are here.", {"My friend's are here."}),
        ("replacement", "The women's team won.", {"The womens' team won."}),
    ],
)
def test_possessive_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "possessive", variant) == wrong


@pytest.mark.parametrize(
    ("text", "operation", "span"),
    [("The People's Army won.", "possessive", (4, 10)), ("He's late again.", "apostrophe", (0, 2))],
)
def test_no_letters_are_written_against_a_labelled_word(text: str, operation: str, span: tuple[int, int]) -> None:
    pipeline = {"ops": [{"type": operation, "rate": 1}]}
    results = augsvc.augment([text], pipeline, seed=0, copies=60, spans=[[[*span, "X"]]])
    for result in results:
        assert result.spans is not None
        (start, end, _) = result.spans[0] or (0, 0, "")
        assert result.text[int(start) : int(end)] == text[slice(*span)]
        assert not result.text[int(end)].isalnum()
