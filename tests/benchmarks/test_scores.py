"""Figures from a trial that the test makes up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from difference import Edit
from judges import Sources
from scores import Scores, score
from treebank import Sentence, Token
from trials import Trial

LONG = " ".join(f"word{number}" for number in range(15)).translate(str.maketrans("0123456789", "abcdefghij"))
SENTENCES = [
    Sentence("big dogs", (Token(0, 3, "big", "JJ"), Token(4, 8, "dogs", "NNS"))),
    Sentence("a dog", (Token(0, 1, "a", "DT"), Token(2, 5, "dog", "NN"))),
    Sentence(LONG, ()),
]
EDITS = [[Edit(0, 3, "big", "large"), Edit(4, 8, "dogs", "hound")], [Edit(2, 5, "dog", "cad")], []]
TRIAL = Trial(
    texts=["large hound", "A cad", LONG],
    next_epoch=["big dogs", "a dog", LONG],
    elsewhere=["large hound", "A cad", "other"],
    listed=EDITS,
    failed=0,
    cpu_s=0.5,
    load_s=1.0,
    peak_mb=100.0,
)
SOURCES = Sources(
    fits=lambda replacement, _: replacement.endswith("s"),
    onsets={},
    zipf=lambda _: 4.0,
    seen=frozenset(("large", "hound", "cad")),
    profane=(frozenset(("cad",)), frozenset()),
)


@pytest.fixture
def scores() -> Scores:
    return score("one", TRIAL, EDITS, SENTENCES, SOURCES)


def test_judges_are_counted_over_the_edits_that_they_judge(scores):
    assert scores.edits() == 3
    assert scores.share("inflection") == "100.00% of 1"
    assert scores.share("article") == "0.00% of 1"
    assert scores.share("rare") == "0.00% of 3"
    assert scores.per_10_000("profane") == "3333.3"
    assert scores.per_10_000("profane by all") == "0.0"


def test_a_judge_without_an_edit_has_no_figure():
    silent = score("none", TRIAL, [[], [], []], SENTENCES, SOURCES)
    assert silent.share("inflection") == "-"


def test_shares_of_sentences(scores):
    assert scores.changed == pytest.approx(2 / 3)
    assert scores.altered == pytest.approx(1 / 3)  # "a" became "A" outside any edit
    assert scores.identical == pytest.approx(2 / 3)


def test_only_long_texts_count_for_the_next_epoch(scores):
    assert scores.different == 0
    varied = score("two", replace(TRIAL, next_epoch=["big dogs", "a dog", "other"]), EDITS, SENTENCES, SOURCES)
    assert varied.different == 1


def test_examples_show_the_tag_and_the_surroundings(scores):
    assert scores.examples["inflection"] == ["big [dogs/NNS -> hound]"]


def test_edits_are_found_by_comparison_where_an_augmenter_keeps_no_list():
    found = TRIAL.differences([sentence.text for sentence in SENTENCES])
    assert [[edit.replacement for edit in edits] for edits in found] == [["large", "hound"], ["cad"], []]
