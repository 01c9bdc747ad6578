"""Edits of several passes, told as edits of the original."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from augsvc.pipeline.compose import Piece, compose, remap, touches


def edit(text: str, cuts: list[tuple[int, int, str]], op: str, group: int) -> tuple[str, list[Piece]]:
    """Apply disjoint replacements (start, end, text) and return the text and its pieces."""
    out, done, pieces = "", 0, []
    for number, (start, end, new) in enumerate(cuts):
        out += text[done:start]
        pieces.append(Piece(start, end, len(out), len(out) + len(new), (op,), group + number))
        out, done = out + new, end
    return out + text[done:], pieces


@st.composite
def cuts(draw: st.DrawFn, size: int) -> list[tuple[int, int, str]]:
    marks = sorted(draw(st.lists(st.integers(0, size), max_size=8)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return [(a, b, draw(st.text("xyz", max_size=3))) for a, b in pairs]


@given(st.text("abcdef", max_size=20), st.data())
def test_composed_edits_replay_on_the_original(text: str, data: st.DataObject) -> None:
    story, current = [], text
    for number in range(3):
        current, pieces = edit(current, data.draw(cuts(len(current))), f"op{number}", 10 * number)
        story.append(pieces)
    composed = compose(compose(story[0], story[1]), story[2])
    replayed, done = "", 0
    for piece in composed:
        assert piece.start >= done or piece is composed[0]
        replayed += text[done : piece.start] + current[piece.result_start : piece.result_end]
        done = piece.end
    assert replayed + text[done:] == current


def test_edits_of_one_pass_that_touch_stay_apart() -> None:
    _, first = edit("abcdef", [(0, 2, "x"), (2, 4, "y")], "a", 0)
    assert compose(first, []) == first
    assert compose([], first) == first


def test_edits_of_two_passes_that_touch_become_one_with_the_smaller_group() -> None:
    middle, first = edit("abcdef", [(0, 2, "xyz")], "a", 4)
    _, second = edit(middle, [(3, 4, "")], "b", 5)
    assert compose(first, second) == [Piece(0, 3, 0, 3, ("a", "b"), 4)]


def test_a_later_edit_joins_all_that_it_touches() -> None:
    middle, first = edit("abcdef", [(0, 2, "x"), (2, 4, "y")], "a", 0)
    _, second = edit(middle, [(1, 3, "z")], "b", 2)
    assert compose(first, second) == [Piece(0, 5, 0, 2, ("a", "b"), 0)]


@given(st.text("abcdef", min_size=1, max_size=20), st.data())
def test_an_untouched_span_keeps_its_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    out, pieces = edit(text, data.draw(cuts(len(text))), "a", 0)
    if not touches(start, end, pieces):
        moved = remap(start, end, pieces)
        assert out[slice(*moved)] == text[start:end]


def test_a_replaced_span_is_followed_to_its_replacement() -> None:
    _, pieces = edit("the dog ran", [(4, 7, "hound")], "a", 0)
    assert remap(4, 7, pieces) == (4, 9)
    assert remap(0, 11, pieces) == (0, 13)
    assert remap(8, 11, pieces) == (10, 13)


def test_an_insertion_at_an_edge_touches_but_stays_outside() -> None:
    _, pieces = edit("the dog", [(4, 4, "old ")], "a", 0)
    assert touches(4, 7, pieces)
    assert remap(4, 7, pieces) == (8, 11)
    assert remap(0, 4, pieces) == (0, 4)
