"""Spans stay with their words when rules move them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.pipeline.compose import Piece
from augsvc.pipeline.follow import Passage

from .moving import PARTICLE, SENTENCE, SWAP, move

NEW = {"was", "by", "written", "painted", "seen"}
"""What the rules write beside the words of the text."""


def words_of(text: str) -> list[tuple[int, int]]:
    spots, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        spots.append((at, at + len(word)))
        at += len(word)
    return spots


def went(text: str, variant: str, words: str, mode: str = "follow") -> str | None:
    start = text.index(words)
    result = move(text, variant, [[start, start + len(words), "X"]], mode)
    assert result.spans is not None
    span = result.spans[0]
    assert span is None or span[2] == "X"
    return None if span is None else result.text[int(span[0]) : int(span[1])]


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("the old book", "the old book"),
        ("old", "old"),
        ("up", "up"),
        ("picked up the old book", "picked the old book up"),
        ("He", "He"),
        ("picked up", None),
        ("up the", None),
    ],
)
def test_words_that_move_take_their_span_along_unless_it_would_be_cut(words: str, after: str | None) -> None:
    assert went("He picked up the old book.", PARTICLE, words) == after


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Lovelace", "Lovelace"),
        ("the program", "The program"),
        ("program", "program"),
        ("wrote the", None),
        ("wrote the program", None),
        ("Ada Lovelace wrote", "Ada Lovelace"),
    ],
)
def test_spans_follow_though_both_sides_of_a_verb_move(words: str, after: str | None) -> None:
    assert went("Ada Lovelace wrote the program.", SENTENCE, words) == after


@pytest.mark.parametrize(
    ("words", "after"), [("the film", "The film"), ("end", "end"), ("The end", "the end"), ("film came", None)]
)
def test_a_span_with_which_a_word_moves_away_is_dropped(words: str, after: str | None) -> None:
    text = "The end of the film came."
    assert move(text, SENTENCE, []).text == "The film's the end came."
    assert went(text, SENTENCE, words) == after


def test_kept_spans_stay_whole_and_dropped_ones_go_with_the_first_edit() -> None:
    text = "He picked up the old book."
    assert went(text, PARTICLE, "old book", "keep") == "old book"
    assert went(text, PARTICLE, "up the", "keep") == "up the"
    assert went(text, PARTICLE, "old book", "drop") is None
    assert went(text, PARTICLE, "He", "drop") == "He"


@pytest.mark.parametrize("unit", ["codepoint", "utf8", "utf16"])
def test_moved_spans_are_told_in_the_unit_asked_for(unit: str) -> None:
    encoding, width = {"codepoint": ("utf-32-le", 4), "utf8": ("utf-8", 1), "utf16": ("utf-16-le", 2)}[unit]
    text = "😀 é He picked up the old book."
    before, words = text.encode(encoding), "old book".encode(encoding)
    start = before.index(words) // width
    result = move(text, PARTICLE, [[start, start + len(words) // width]], offset_unit=unit)
    assert result.text == "😀 é He picked the old book up."
    first, last = result.spans[0]
    assert result.text.encode(encoding)[first * width : last * width] == words


NAMES = st.sampled_from(["Ada", "Rosa", "Turing", "Lovelace", "Peru", "Chopin"])
texts = st.builds(
    lambda name, verb, adjective, noun, end: f"{name} {verb} the {adjective}{noun} {end}.",
    st.lists(NAMES, min_size=1, max_size=3, unique=True).map(" ".join),
    st.sampled_from(["wrote", "painted", "picked up", "saw", "threw away"]),
    st.sampled_from(["", "old ", "very big ", "curious "]),
    st.sampled_from(["book", "letter", "poem"]),
    st.sampled_from(["yesterday", "quickly", "again", "of this great man", "in Paris"]),
)


@given(text=texts, variant=st.sampled_from([SWAP, PARTICLE, SENTENCE]), data=st.data())
def test_a_followed_span_holds_its_own_words_and_new_ones_alone(text: str, variant: str, data: st.DataObject) -> None:
    spots = words_of(text.rstrip("."))
    first = data.draw(st.integers(0, len(spots) - 1))
    last = data.draw(st.integers(first, len(spots) - 1))
    start, end = spots[first][0], spots[last][1]
    result = move(text, variant, [[start, end]])
    if result.spans[0] is not None:
        low, high = result.spans[0]
        own, found = text[start:end].lower().split(), result.text[low:high].lower().split()
        assert set(found) <= {*own, *NEW}
        assert set(found) & {*own} if last > first else set(found) <= {*own, *NEW}


@given(text=texts, variant=st.sampled_from([SWAP, PARTICLE, SENTENCE]))
def test_a_single_word_that_is_still_there_keeps_its_span(text: str, variant: str) -> None:
    spots = words_of(text.rstrip("."))
    result = move(text, variant, [[start, end] for start, end in spots])
    for (start, end), span in zip(spots, result.spans, strict=True):
        word = text[start:end].lower()
        if result.text.lower().split().count(word) == text.lower().split().count(word) == 1:
            assert span is not None
            assert result.text[slice(*span)].lower() == word


@given(text=texts, variant=st.sampled_from([SWAP, PARTICLE, SENTENCE]))
def test_spans_side_by_side_stay_disjoint(text: str, variant: str) -> None:
    result = move(text, variant, [[start, end] for start, end in words_of(text.rstrip("."))])
    places = sorted(span for span in result.spans if span is not None)
    assert all(before[1] <= after[0] for before, after in pairwise(places))


def piece(start: int, end: int, result_start: int, result_end: int, source: tuple[int, int] | None = None) -> Piece:
    return Piece(start, end, result_start, result_end, ("move",), 0, source)


def test_of_a_word_that_stands_twice_in_what_moved_each_follows_its_own() -> None:
    before, after = b"so the man and the man said", b"said the man and the man so"
    moved = Passage(before, after, [piece(0, 2, 0, 4, (23, 27)), piece(23, 27, 25, 27, (0, 2))])
    assert moved.follow(7, 10) == (9, 12)
    assert moved.follow(19, 22) == (21, 24)
    assert (moved.follow(0, 2), moved.follow(23, 27)) == ((25, 27), (0, 4))


def test_a_span_is_dropped_where_it_is_not_clear_which_words_are_its_own() -> None:
    before, after = b"he saw the man", b"the man and the man he saw"
    doubled = Passage(before, after, [piece(0, 0, 0, 20), piece(6, 14, 26, 26)])
    assert doubled.follow(11, 14) is None
    assert doubled.follow(3, 6) == (23, 26)


def test_words_repeated_beside_a_span_leave_it_where_it_is() -> None:
    doubled = Passage(b"in New York now", b"in New New York now", [piece(3, 3, 3, 7, (3, 6))])
    assert doubled.follow(3, 11) == (7, 15)
