"""Edits read off input and output: judged against edits that the test makes itself."""

from __future__ import annotations

import pytest
from difference import Edit, edits_between, replay
from hypothesis import given
from hypothesis import strategies as st

SENTENCE = ("the", "dog", "ran", "over", "a", "big", "hill", "and", "it", "barked")
WORDS = st.lists(st.sampled_from(SENTENCE), min_size=1, max_size=10, unique=True)


def changes(before: str, after: str) -> list[tuple[str, str]]:
    return [(edit.original, edit.replacement) for edit in edits_between(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("The dog ran.", "The hound ran.", [("dog", "hound")]),
        ("The dog ran.", "The domestic dog breed ran.", [("", " domestic"), ("", " breed")]),
        ("It gave a big shout", "It threw an enormous shout", [("gave", "threw"), ("a", "an"), ("big", "enormous")]),
        ("I saw a cop.", "I saw an officer of police.", [("a", "an"), ("cop", "officer of police")]),
        ("I don't know.", "I don't recognise.", [("know", "recognise")]),
        ("Dogs bark", "domestic dogs bark", [("", "domestic ")]),
        ("The same.", "The same.", []),
    ],
)
def test_replaced_words_are_edits(before, after, expected):
    assert changes(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It isn't so.", "It isn ' t so."),
        ("Two  spaces", "Two spaces"),
        ("A Title", "a title"),
        ("Stop!", "Stop"),
        ("one word fewer", "one fewer"),
    ],
)
def test_spacing_case_marks_and_losses_are_alterations(before, after):
    edits = edits_between(before, after)
    assert edits == []
    assert replay(before, edits) != after


@given(WORDS, st.data())
def test_any_replaced_words_are_found_and_replay_to_the_output(words, data):
    chosen = data.draw(st.sets(st.integers(0, len(words) - 1)))
    after = [f"new{place}" if place in chosen else word for place, word in enumerate(words)]
    edits = edits_between(" ".join(words), " ".join(after))
    assert [edit.replacement for edit in edits] == [after[place] for place in sorted(chosen)]
    assert replay(" ".join(words), edits) == " ".join(after)


def test_offsets_are_those_of_the_original_in_code_points():
    assert edits_between("Ĝi is 😀 big", "Ĝi is 😀 large") == [Edit(8, 11, "big", "large")]


def test_edits_that_do_not_tell_the_whole_change_do_not_replay():
    assert replay("a small dog", [Edit(2, 7, "small", "tiny")]) == "a tiny dog"
    assert replay("a small dog", [Edit(2, 7, "small", "tiny")]) != "a tiny  dog"
