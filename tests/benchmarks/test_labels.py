"""The judges of labels find what they look for."""

from __future__ import annotations

import pytest

pytest.importorskip("tiktoken", reason="the extra `bench` is not installed")

from labels import covers, cut_by, invalid_tags

import augsvc


@pytest.mark.parametrize(
    ("tags", "faults"),
    [("O B-X I-X O", 0), ("I-X", 1), ("B-X I-Y", 1), ("B-X O I-X I-X", 1), ("B-X B-X I-X", 0), ("", 0)],
)
def test_invalid_tags_are_counted(tags: str, faults: int) -> None:
    assert invalid_tags(tags.split()) == faults


def test_a_tokenizer_cuts_a_span_whose_end_is_inside_a_piece_or_left_out() -> None:
    text = "saw New York"
    assert not cut_by([(0, 3), (4, 7), (8, 10), (10, 12)], 4, 12, text)
    assert cut_by([(0, 3), (4, 7), (8, 12)], 4, 10, text)
    assert cut_by([(0, 3), (4, 7)], 4, 12, text)


def test_a_span_covers_its_untouched_words_and_what_replaced_others() -> None:
    edit = augsvc.Edit("synonym", ["synonym"], 0, 4, 7, "big", "large", 4, 9)
    one = augsvc.Augmented(0, 0, "the large dog ran", [edit])
    assert covers(one, "large dog", 4, 11, "big dog")
    assert covers(one, "dog", 4, 11, "big dog")
    assert not covers(one, "large", 4, 11, "big dog")
    assert not covers(one, "large dog ran", 4, 11, "big dog")
