"""Misspelt words: the kind of error that was asked for, never another word, the first letter only when asked."""

from __future__ import annotations

import re

import pytest

import augsvc
from augsvc.lexicon import Lexicon

WORDS = re.compile(r"[A-Za-z0-9]+")


def outputs(text: str, copies: int = 60, **settings: object) -> set[str]:
    pipeline = {"ops": [{"type": "spelling", "rate": 1} | settings], "protect": {"kinds": []}}
    return {r.text for r in augsvc.augment([text], pipeline, seed=0, copies=copies)}


@pytest.mark.parametrize(
    ("variant", "text", "expected"),
    [
        ("transposed", "garden", {"gadren", "garedn", "gardne", "graden"}),
        ("transposed", "GARDEN", {"GADREN", "GAREDN", "GARDNE", "GRADEN"}),
        ("transposed", "Garden", {"Gadren", "Garedn", "Gardne", "Graden"}),
        ("doubled", "garden", {"gaarden", "garrden", "gardden", "gardeen", "gardenn"}),
        ("doubled", "hello", {"heello", "helloo"}),
        ("dropped", "window", {"wndow", "widow", "winow", "windw", "windo"} - {"widow"}),
        ("phonetic", "believe", {"beleive"}),
        ("phonetic", "Elephant", {"Elefant", "Elephent"}),
        ("keyboard", "aqua", {"awua", "aaua", "aqya", "aqia", "aqha", "aqja", "aquq", "aquw", "aqus", "aquz"}),
    ],
)
def test_each_kind_of_misspelling(variant: str, text: str, expected: set[str]) -> None:
    lexicon = Lexicon.open()
    found = outputs(text, 400, variant=variant)
    assert found <= expected
    assert found >= {word for word in expected if lexicon.form_id(word) is None}


@pytest.mark.parametrize("text", ["cat", "a dog", "the", "né à", "it's", "http://garden.org", "A1B2C3", "!?"])
def test_short_words_and_what_is_no_word_stay(text: str) -> None:
    assert outputs(text) == {text}


@pytest.mark.parametrize("kind", ["spelling", "keyboard_noise", "ocr_noise"])
def test_no_word_of_the_lexicon_comes_of_it_and_first_letters_stay(kind: str, sentences: list[str]) -> None:
    lexicon = Lexicon.open()
    edits = [
        edit
        for result in augsvc.augment(sentences[:3000], {"ops": [{"type": kind, "rate": 1}]}, seed=1)
        for edit in result.edits
    ]
    assert len(edits) > 5000
    for edit in edits:
        assert lexicon.form_id(edit.replacement) is None
        assert edit.original[0] == edit.replacement[0]
        assert len(edit.original) >= 4


def test_the_first_letter_changes_when_asked() -> None:
    pipeline = {"ops": [{"type": "keyboard_noise", "rate": 1, "first_letter": True}]}
    found = {r.text for r in augsvc.augment(["garden"], pipeline, seed=0, copies=200)}
    assert {word[0] for word in found} == {*"gtyfvb"}  # but no h: "harden" is a word


def test_as_many_letters_change_as_were_asked_for() -> None:
    pipeline = {"ops": [{"type": "keyboard_noise", "rate": 1, "letters": 3}]}
    found = [r.text for r in augsvc.augment(["understanding"], pipeline, seed=0, copies=200)]
    differences = [sum(a != b for a, b in zip("understanding", word, strict=True)) for word in found]
    assert max(differences) == 3
    assert sum(differences) > 500


def test_characters_that_look_alike_are_taken_for_each_other() -> None:
    pipeline = {"ops": [{"type": "ocr_noise", "rate": 1}]}
    found = {r.text for r in augsvc.augment(["modern"], pipeline, seed=0, copies=300)}
    assert {"modem", "m0dern", "modcrn"} & found
    assert "modem" not in found  # a word


def test_a_misspelt_word_keeps_its_article_and_marks_stay_with_their_letters() -> None:
    assert all(text.startswith("an ") for text in outputs("an apple"))
    wide = "cafe\u0301s naïveté"
    for text in outputs(wide, 200):
        assert "e\u0301" in text
        assert "ï" in text
