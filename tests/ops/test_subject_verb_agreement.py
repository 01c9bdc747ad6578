"""Errors of subject-verb agreement: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("pronoun", "She likes dogs.", {"She like dogs."}),
        ("pronoun", "They are here.", {"They is here."}),
        ("pronoun", "Do you know?", {"Does you know?"}),
        ("pronoun", "He left.", set()),
        ("noun", "The dog sleeps.", {"The dog sleep."}),
        ("noun", "The dogs are here.", {"The dogs is here.", "The dogs was here."}),
        ("noun", "The police are here.", set()),
        ("noun", "The cat and the dog are here.", set()),
    ],
)
def test_subject_verb_agreement_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "subject_verb_agreement", variant) == wrong
