"""Synonyms: the right form, the right case, the right article, and nothing that should stay."""

from __future__ import annotations

import pytest

import augsvc
from augsvc.lexicon import Lexicon

ALL = {"ops": [{"type": "synonym", "rate": 1, "senses": 3}]}


def outputs(text: str, pipeline: object = None, copies: int = 40) -> set[str]:
    return {r.text for r in augsvc.augment([text], pipeline or ALL, seed=0, copies=copies)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They purchased it.", "They bought it."),
        ("THEY PURCHASED IT.", "THEY BOUGHT IT."),
        ("Purchased it.", "Bought it."),
        ("He is purchasing it.", "He is buying it."),
        ("She purchases it.", "She buys it."),
    ],
)
def test_form_and_case_are_kept(text: str, expected: str) -> None:
    assert outputs(text) == {expected}


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Of course he purchased it in spite of the rain.", ["Of course", "in spite of"]),
        ("As a matter of fact, the race took place on a big road.", ["As a matter of fact", "took place"]),
        ("She kept in touch and ate an ice cream.", ["kept in touch", "ice cream"]),
    ],
)
def test_a_word_of_a_fixed_phrase_stays(text: str, phrases: list[str]) -> None:
    found = outputs(text)
    assert found - {text}
    assert all(phrase in other for other in found for phrase in phrases)


def test_the_article_agrees_and_belongs_to_its_group() -> None:
    results = augsvc.augment(["It was a huge house."], {"ops": [{"type": "synonym", "rate": 1}]}, seed=0, copies=50)
    repaired = [r for r in results if any(e.op == "article" for e in r.edits)]
    assert repaired
    for result in repaired:
        first, second = result.edits[0], result.edits[1]
        assert (first.op, first.replacement, second.op) == ("article", "an", "synonym")
        assert first.group == second.group
        assert second.replacement[0] in "aeiou"


@pytest.mark.parametrize(
    "text",
    [
        "See https://example.com/big/house?buy=car today.",
        "Mail big.dog@house.org.",
        "#bigdog @bighouse 20 3.5kg",
        "big_dog() and `big dog` and <big>",
        "We met Bill and May at the Car Hall.",
        "not never nothing no",
        "he it they of in at which while",
        "well-known and/or U.S. e.g.",
    ],
)
def test_what_is_no_common_word_is_never_touched(text: str) -> None:
    protected = [t for t in ("See", "today", "Mail", "met") if t in text]
    pipeline = ALL | {"protect": {"words": protected}}
    assert outputs(text, pipeline) == {text}


def test_spacing_and_quotes_around_edits_stay() -> None:
    text = "  “They purchased  it”,\tthey said…\n\nTwice.  "
    for out in outputs(text, ALL | {"protect": {"words": ["said", "twice"]}}):
        assert out == text.replace("purchased", "bought")


def test_phrases_come_with_spaces(sentences: list[str]) -> None:
    replacements = [e.replacement for r in augsvc.augment(sentences[:3000], ALL, seed=1) for e in r.edits]
    assert any(" " in replacement for replacement in replacements)
    assert not any("_" in replacement for replacement in replacements)


def test_no_blocked_form_and_no_name_is_ever_written(sentences: list[str]) -> None:
    lexicon = Lexicon.open()
    for result in augsvc.augment(sentences[:5000], ALL, seed=2):
        for edit in result.edits:
            form = lexicon.form_id(edit.replacement)
            assert form is not None
            flags = lexicon.flags(form)
            assert not flags & flags.BLOCKED
            assert edit.op == "article" or not flags & (flags.FUNCTION | flags.NEGATION)


def test_more_senses_give_more_candidates() -> None:
    def candidates(senses: int) -> set[str]:
        return outputs("They saw the bank.", {"ops": [{"type": "synonym", "rate": 1, "senses": senses}]}, copies=200)

    assert len(candidates(1)) < len(candidates(20))


def test_about_one_word_in_ten_changes_by_default(sentences: list[str]) -> None:
    results = augsvc.augment(sentences[:5000], seed=3)
    words = sum(len(s.split()) for s in sentences[:5000])
    share = sum(len({e.group for e in r.edits}) for r in results) / words
    assert 0.05 < share < 0.11  # short sentences have fewer eligible words than the rate asks for


def test_a_least_frequency_that_no_synonym_has_leaves_every_word() -> None:
    assert outputs("They purchased a big house.", {"ops": [{"type": "synonym", "rate": 1, "min_zipf": 7.9}]}) == {
        "They purchased a big house."
    }


def test_an_article_before_a_quote_agrees_with_the_word_inside() -> None:
    found = outputs('It was a "huge" "house".', {"ops": [{"type": "synonym", "rate": 1}]})
    assert any('an "' in text for text in found)
    assert not any('a "enormous' in text or 'an "huge' in text for text in found)
