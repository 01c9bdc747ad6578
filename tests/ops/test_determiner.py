"""Errors of determiners: what becomes of a sentence by one edit, and which sentences stay."""

from __future__ import annotations

import pytest

from .outcomes import outcomes


@pytest.mark.parametrize(
    ("variant", "text", "wrong"),
    [
        ("missing", "She saw a dog.", {"She saw dog."}),
        ("missing", "The same man came.", {"Same man came."}),
        ("missing", "We waited in the park with boys.", set()),
        ("unnecessary", "I like dogs.", {"I like a dogs."}),
        ("unnecessary", "My brother left.", {"The my brother left."}),
        ("unnecessary", "He gave advice.", {"He gave an advice."}),
        ("unnecessary", "He gave entertainment.", set()),
        ("replacement", "The same man came.", {"A same man came."}),
        ("replacement", "Every dog is here.", {"All dog is here."}),
        ("replacement", "He saw the dog.", set()),
        ("article_form", "I ate an apple.", {"I ate a apple."}),
        ("article_form", "It is a historic day.", set()),
        ("agreement", "This dog is here.", {"These dog is here."}),
        ("agreement", "Those dogs are here.", {"That dogs are here."}),
        ("agreement", "She saw these lost dogs.", {"She saw this lost dogs."}),
        ("agreement", "She saw that out in the open box.", {"She saw those out in the open box."}),
        ("agreement", "This kind of work is hard.", set()),
    ],
)
def test_determiner_makes_these_errors_and_no_others(variant: str, text: str, wrong: set[str]) -> None:
    assert outcomes(text, "determiner", variant) == wrong
