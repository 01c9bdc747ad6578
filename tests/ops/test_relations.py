"""Hypernyms, hyponyms and antonyms: in the word's own inflection, by its likely sense."""

from __future__ import annotations

import pytest

import augsvc
from augsvc.lexicon import Lexicon


def outputs(kind: str, text: str, copies: int = 80, **settings: object) -> set[str]:
    pipeline = {"ops": [{"type": kind, "rate": 1} | settings]}
    return {r.text for r in augsvc.augment([text], pipeline, seed=0, copies=copies)}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("hypernym", "The chairs broke.", "The seats broke."),
        ("hypernym", "THE CHAIRS BROKE.", "THE SEATS BROKE."),
        ("hyponym", "She planted a tree.", "She planted an oak."),
        ("hyponym", "She planted trees.", "She planted oaks."),
        ("antonym", "A happy child.", "An unhappy child."),
        ("antonym", "It was the best day.", "It was the worst day."),
        ("antonym", "It was quickly done.", "It was slowly done."),
        ("antonym", "She remembered it.", "She forgot it."),
    ],
)
def test_a_word_becomes_a_related_one_in_its_inflection(kind: str, text: str, expected: str) -> None:
    assert expected in outputs(kind, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The child was happy.", "The child was not unhappy."),
        ("The tasks are easy, but long.", "The tasks are not difficult, but long."),
        ("The child was not happy.", "The child was not happy."),
        ("The child wasn't happy.", "The child wasn't happy."),
        ("A happy child slept.", "A happy child slept."),
        ("The child was very happy.", "The child was very happy."),
        ("They were good friends.", "They were good friends."),
    ],
)
def test_a_negated_antonym_keeps_the_meaning_or_abstains(text: str, expected: str) -> None:
    found = outputs("antonym", text, negate=True)
    assert expected in found
    assert all("not not" not in other for other in found)


@pytest.mark.parametrize("kind", ["hypernym", "hyponym"])
@pytest.mark.parametrize(
    "text",
    ["Of course it is.", "In fact it works.", "It takes place.", "By the way, look.", "On the other hand, it works."],
)
def test_nouns_of_fixed_phrases_stay(kind: str, text: str) -> None:
    assert outputs(kind, text) == {text}


@pytest.mark.parametrize("kind", ["hypernym", "hyponym", "antonym"])
def test_no_blocked_form_and_no_name_is_written(kind: str, sentences: list[str]) -> None:
    lexicon = Lexicon.open()
    written = 0
    for result in augsvc.augment(sentences[:4000], {"ops": [{"type": kind, "rate": 1}]}, seed=2):
        for edit in result.edits:
            form = lexicon.form_id(edit.replacement)
            assert form is not None
            flags = lexicon.flags(form)
            assert edit.op == "article" or not flags & (flags.BLOCKED | flags.NAME | flags.FUNCTION | flags.NEGATION)
            written += 1
    assert written > 300
