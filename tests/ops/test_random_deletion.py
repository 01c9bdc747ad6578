"""Deletion: one space goes with the word, articles agree, clitics keep their host."""

from __future__ import annotations

import pytest

import augsvc

ALL = {"ops": [{"type": "random_deletion", "rate": 1}]}
ONE = {"ops": [{"type": "random_deletion", "rate": 1, "max_edits": 1}]}


def outputs(text: str, pipeline: object) -> set[str]:
    return {r.text for r in augsvc.augment([text], pipeline, seed=0, copies=40)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red", {""}),
        ("red fox", {"red", "fox"}),
        ("(red fox)", {"(red)", "(fox)"}),
        ("red, fox", {", fox", "red,"}),
        ("line\nfox", {"\nfox", "line\n"}),
        ("red  fox", {"red", "fox"}),
    ],
)
def test_one_gap_goes_with_the_word(text: str, expected: set[str]) -> None:
    assert outputs(text, ONE) == expected


def test_an_article_left_behind_agrees() -> None:
    found = outputs("It is an old dog.", ONE | {"protect": {"words": ["it", "is"]}})
    assert "It is a dog." in found
    assert not any("an dog" in text for text in found)


def test_a_clitics_host_stays() -> None:
    assert outputs("The fox's den isn't big.", ALL) == {"The fox's isn't."}


def test_negations_names_and_function_words_stay_by_default() -> None:
    assert outputs("He did not see Peter at 10.", ALL) == {"He did not Peter at 10."}


def test_kinds_can_be_released() -> None:
    assert outputs("He did not", ONE | {"protect": {"kinds": []}}) == {"did not", "He not", "He did"}


def test_neighbours_that_share_a_gap_do_not_both_go() -> None:
    assert outputs("old red fox", ALL) == {"old", "red"}


def test_a_protected_article_keeps_the_word_it_agrees_with() -> None:
    assert outputs("an old dog", ONE | {"protect": {"words": ["an"]}}) == {"an old"}
