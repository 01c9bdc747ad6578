"""What is inserted, exchanged or masked: random insertion and swap, AEDA, masks."""

from __future__ import annotations

import re
from collections import Counter

import pytest

import augsvc
from augsvc.errors import InvalidPipeline

TEXT = "The young dog chased an old cat, and it ran."


def results(kind: str, text: str = TEXT, copies: int = 80, **settings: object) -> list[augsvc.Augmented]:
    pipeline = {"ops": [{"type": kind, "rate": 1, "max_edits": 1} | settings]}
    return augsvc.augment([text], pipeline, seed=0, copies=copies)


def test_a_swap_exchanges_two_words_and_tells_where_each_came_from() -> None:
    for result in results("random_swap"):
        moved = [edit for edit in result.edits if edit.op == "random_swap"]
        assert len(moved) == 2
        assert {edit.group for edit in result.edits} == {0}
        for edit in moved:
            start, end = edit.source
            assert TEXT[start:end].lower() == edit.replacement.lower()
        assert sorted(re.findall(r"\w{3,}", result.text.lower())) == sorted(re.findall(r"\w{3,}", TEXT.lower()))


def test_a_swap_leaves_the_sentence_its_capital_and_articles_right() -> None:
    found = {r.text for r in results("random_swap", "Dogs saw an apple.")}
    assert found == {"Saw dogs an apple.", "Apple saw a dogs.", "Dogs apple a saw."}


def test_one_word_alone_is_not_swapped() -> None:
    assert {r.text for r in results("random_swap", "the dog, the dog")} == {"the dog, the dog"}


def test_an_inserted_synonym_stands_after_a_word_and_an_article_before_it_agrees() -> None:
    found = {r.text for r in results("random_insertion", "They purchased an apple.", copies=200)}
    assert found == {
        "They bought purchased an apple.",
        "They purchased bought an apple.",
        "They purchased a bought apple.",
        "They purchased an apple bought.",
    }


def test_marks_come_after_words_and_claim_nothing_but_their_gap() -> None:
    pipeline = {"ops": [{"type": "aeda", "rate": 1}, {"type": "synonym", "rate": 1}]}
    alone = {r.text for r in augsvc.augment(["They purchased it."], {"ops": [{"type": "aeda", "rate": 1}]}, seed=0)}
    both = augsvc.augment(["They purchased it."], pipeline, seed=0)[0]
    assert both.text.replace("bought", "purchased") in alone
    assert "bought" in both.text
    assert all(edit.start == edit.end for edit in both.edits if edit.op == "aeda")
    assert re.fullmatch(r"They [.;?:!,] bought [.;?:!,] it [.;?:!,]\.", both.text)


def test_marks_are_the_users_and_each_as_likely() -> None:
    found = Counter(r.edits[0].replacement for r in results("aeda", marks=["…", "<pause>"], copies=400))
    assert set(found) == {" …", " <pause>"}
    assert min(found.values()) > 150


@pytest.mark.parametrize("text", ["dog-house", "https://a.b/c", "", "...", "我们今天"])
def test_nothing_comes_inside_a_compound_or_after_what_is_no_word(text: str) -> None:
    assert {r.text for r in results("aeda", text)} == {text}


def test_a_mask_is_the_users_token_as_it_stands() -> None:
    found = {r.text for r in results("masking", "An OLD Dog sleeps.", token="<mask ☃>")}
    assert found <= {"An <mask ☃> Dog sleeps.", "An OLD Dog <mask ☃>."}
    assert found


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({"token": ""}, "/ops/0/token"),
        ({"token": "é" * 128}, "/ops/0/token"),
        ({"type": "aeda", "marks": []}, "/ops/0/marks"),
        ({"type": "aeda", "marks": ["!", ""]}, "/ops/0/marks/1"),
    ],
)
def test_a_faulty_string_is_pointed_at(settings: dict[str, object], pointer: str) -> None:
    with pytest.raises(InvalidPipeline) as caught:
        augsvc.augment(["a"], {"ops": [{"type": "masking"} | settings]}, seed=0)
    assert pointer in [fault.pointer for fault in caught.value.faults]
