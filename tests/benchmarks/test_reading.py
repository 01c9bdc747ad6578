"""Readings of edits: sheets hide which text is the edited one, verdicts stay with their texts, scores unblind."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("rich", reason="the extra `bench` is not installed")

import reading
from meaning import Edited, Text, Variant

ONE, OTHER = Variant("numeral", "words", "digits"), Variant("numeral", "digits", "words")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reading, "RESULTS", tmp_path)
    return tmp_path


def edits(count: int, source: str = "ewt") -> list[Edited]:
    texts = [f"The {source} saw {number} dogs." for number in range(count)]
    return [Edited(Text(text, (), source), text.replace("dogs", "cats")) for text in texts]


def judge(operation: str, verdicts: dict[str, str]) -> None:
    rows = [(name, *verdicts.get(name, "yyy")) for name in reading.read("verdicts", operation)]
    reading.write("verdicts", operation, ("id", *reading.VERDICTS), rows)


def test_the_edited_text_stands_on_either_side_and_the_sheet_does_not_tell(folder: Path) -> None:
    rows = reading.spread({ONE: edits(100)}, 100)
    assert 30 < sum(row.edited == "a" for row in rows) < 70
    assert all("cats" in (row.a if row.edited == "a" else row.b) for row in rows)
    reading.write_sheet("numeral", rows)
    assert set(next(iter(reading.read("sheets", "numeral").values()))) == {"id", "a", "b"}


def test_a_pair_is_shown_alike_whichever_text_is_the_original() -> None:
    forth, back = Edited(Text("one", (), "ewt"), "two"), Edited(Text("two", (), "ewt"), "one")
    assert reading.row_of(forth, "")[:3] == reading.row_of(back, "")[:3]


def test_a_sheet_takes_from_each_variant_and_source_in_turn_one_edit_a_sentence() -> None:
    found = {ONE: [*edits(50), *edits(40, "gum")], OTHER: edits(60, "reviews")}
    rows = reading.spread(found, 30)
    drawn = [(row.variant, row.source) for row in rows]
    assert len({row.a if row.edited == "b" else row.b for row in rows}) == 30
    assert len(set(drawn)) == 3
    assert [drawn.count(place) for place in set(drawn)] == [10, 10, 10]


def test_sentences_that_may_not_be_passed_on_are_not_drawn() -> None:
    assert not reading.spread({ONE: [*edits(5, "gum-dev"), *edits(5, "classification")]}, 10)


def test_verdicts_stay_with_texts_that_are_drawn_again() -> None:
    reading.write_sheet("numeral", reading.spread({ONE: edits(10)}, 10))
    judge("numeral", {})
    assert not [*reading.unread("numeral")]
    changed = [*edits(8), Edited(edits(9)[8].before, "The ewt saw 8 hens."), *edits(11)[10:]]
    reading.write_sheet("numeral", reading.spread({ONE: changed}, 10))
    left = [*reading.unread("numeral")]
    assert len(left) == 2
    assert {"hens" in row["a"] + row["b"] for row in left} == {True, False}


def test_scores_know_which_text_was_edited() -> None:
    rows = reading.spread({ONE: edits(3)}, 3)
    reading.write_sheet("numeral", rows)
    spoilt, original, other = rows
    judge(
        "numeral",
        {
            spoilt.id: "nyy" if spoilt.edited == "a" else "yny",
            original.id: "yny" if original.edited == "a" else "nyy",
            other.id: "yyn",
        },
    )
    assert reading.scores("numeral") == {"": reading.Score(1, 3), "words": reading.Score(1, 3)}


def test_unread_rows_have_no_score() -> None:
    reading.write_sheet("numeral", reading.spread({ONE: edits(3)}, 3))
    assert reading.scores("numeral") == {}


@pytest.mark.parametrize(
    ("good", "read", "low", "high"), [(0, 10, 0.0, 0.2775), (190, 200, 0.9104, 0.9726), (200, 200, 0.9812, 1.0)]
)
def test_intervals_are_those_of_wilson(good: int, read: int, low: float, high: float) -> None:
    assert reading.Score(good, read).interval() == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@pytest.mark.parametrize(
    ("a", "b", "shown"),
    [
        ("He is here now.", "He's here now.", "[A: He is | B: He's] here now."),
        ("I know that he is.", "I know he is.", "I know [A: that | B: ] he is."),
        ("the dogs dogs", "the dogs", "the dogs [A: dogs | B: ]"),
        ("same", "same", "same [A:  | B: ]"),
        ("all new", "not old", "[A: all new | B: not old]"),
    ],
)
def test_what_two_texts_share_is_shown_once(a: str, b: str, shown: str) -> None:
    assert reading.side_by_side(a, b) == shown
