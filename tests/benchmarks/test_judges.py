"""Verdicts on edits, with sources small enough to see through."""

from __future__ import annotations

import pytest
from difference import Edit, edits_between
from judges import Sources, verdicts, vowel_onsets
from treebank import Sentence, Token

ONSETS = {word: frozenset(phonemes.split()) for word, phonemes in {"hour": "AW", "one": "W", "herb": "ER HH"}.items()}
SOURCES = Sources(
    fits=lambda replacement, tag: replacement.endswith("s") and tag == "NNS",
    onsets=ONSETS,
    zipf=lambda word: 1.0 if word == "quidnunc" else 5.0,
    seen=frozenset(("hounds", "herb", "apple", "big", "ox")),
    profane=(frozenset(("ox", "big ox")), frozenset(("ox",))),
)


def sentence(*tagged: str) -> Sentence:
    """A sentence of words written form/tag, with single spaces."""
    tokens, start = [], 0
    for form, tag in (word.split("/") for word in tagged):
        tokens.append(Token(start, start + len(form), form, tag))
        start += len(form) + 1
    return Sentence(" ".join(token.form for token in tokens), tuple(tokens))


def judged(judge: str, before: Sentence, after: str) -> list[bool]:
    edits = edits_between(before.text, after)
    return [verdict.wrong for verdict in verdicts(before, edits, SOURCES) if verdict.judge == judge]


def test_only_words_with_an_inflected_gold_tag_are_judged_for_their_form():
    assert judged("inflection", sentence("my/PRP$", "dogs/NNS"), "my hounds") == [False]
    assert judged("inflection", sentence("my/PRP$", "dogs/NNS"), "my hound") == [True]
    assert judged("inflection", sentence("my/PRP$", "dog/NN"), "my hound") == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("a/DT", "dog/NN"), "a hour", [True]),
        (("a/DT", "dog/NN"), "an hour", [False]),
        (("an/DT", "owl/NN"), "a one", [False]),
        (("an/DT", "owl/NN"), "an herb", [False]),
        (("An/DT", "owl/NN"), "A herb", [False]),
        (("an/DT", '"/``', "owl/NN"), 'an " dog', [True]),
        (("the/DT", "owl/NN"), "the hour", []),
        (("vitamin/NN", "A-/NN", "a/DT"), "vitamin A- hour", []),
    ],
)
def test_the_article_before_an_edit_is_judged_by_sound_after_its_repair(before, after, expected):
    assert judged("article", sentence(*before), after) == expected


@pytest.mark.parametrize(("word", "sounds"), [("MP", {True}), ("UFO", {False}), ("apple", {True}), ("bat", {False})])
def test_words_that_the_dictionary_lacks_are_judged_by_their_letters(word, sounds):
    assert vowel_onsets(word, {}) == sounds


def test_words_that_letters_do_not_tell_are_never_called_wrong():
    assert vowel_onsets("unum", {}) == vowel_onsets("8th", {}) == vowel_onsets("hilum", {}) == {True, False}


def test_names_are_told_by_gold_tags_that_the_edit_touches():
    before = sentence("Peter/NNP", "sleeps/VBZ")
    assert judged("name", before, "Dick dozes") == [True, False]


def test_one_rare_or_unseen_word_of_several_is_enough():
    before = sentence("dogs/NNS", "run/VBP")
    assert judged("rare", before, "hounds run quidnunc") == [False, True]
    assert judged("unseen", before, "hounds sprint") == [False, True]


def test_profanity_counts_only_where_the_edit_brings_it_in():
    assert judged("profane", sentence("my/PRP$", "apple/NN"), "my ox") == [True]
    assert judged("profane", sentence("ox/NN", "cart/NN"), "big ox cart") == [False]


def test_a_phrase_on_one_list_is_not_on_every_list():
    before = sentence("apple/NN")
    sides = [Edit(0, 5, "apple", "big ox")], [Edit(0, 5, "ox", "big ox")]
    assert [v.wrong for v in verdicts(before, sides[0], SOURCES) if v.judge == "profane by all"] == [True]
    assert [v.wrong for v in verdicts(before, sides[1], SOURCES) if v.judge == "profane by all"] == [False]
