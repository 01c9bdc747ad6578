"""Results count as the caller counts, and spans end where their text went."""

from __future__ import annotations

import sys

import pytest

from augsvc.errors import InvalidInput
from augsvc.inprocess import default_lexicon
from augsvc.pipeline import Augmented, parse, results

TEXT = "😀 naïve people purchased it"
ALL = {"ops": [{"type": "synonym", "rate": 1}]}
ENCODINGS = {"codepoint": "utf-32-le", "utf8": "utf-8", "utf16": "utf-16-le"}
WIDTHS = {"codepoint": 4, "utf8": 1, "utf16": 2}


def run(texts: list[str], pipeline: object = ALL, **options: object) -> list[Augmented]:
    return results(texts, parse(pipeline), default_lexicon(), seed=1, **options)


@pytest.mark.parametrize("unit", ENCODINGS)
def test_offsets_are_in_the_unit_asked_for(unit: str) -> None:
    result = run([TEXT], offset_unit=unit)[0]
    before, after = TEXT.encode(ENCODINGS[unit]), result.text.encode(ENCODINGS[unit])
    assert result.edits
    for edit in result.edits:
        old = before[edit.start * WIDTHS[unit] : edit.end * WIDTHS[unit]]
        new = after[edit.result_start * WIDTHS[unit] : edit.result_end * WIDTHS[unit]]
        assert (old.decode(ENCODINGS[unit]), new.decode(ENCODINGS[unit])) == (edit.original, edit.replacement)


@pytest.mark.parametrize("unit", ENCODINGS)
def test_spans_are_read_in_the_unit_asked_for(unit: str) -> None:
    start = len(TEXT[:15].encode(ENCODINGS[unit])) // WIDTHS[unit]
    result = run([TEXT], offset_unit=unit, spans=[[[start, start + 9, "V"]]])[0]
    assert "purchased" in result.text
    assert result.spans == [[start, start + 9, "V"]] or result.edits


def span_after(mode: str, span: list[object], text: str = "They purchased it", ops: object = None) -> object:
    pipeline = (ops or ALL) | {"protect": {"spans": mode}}
    return run([text], pipeline, spans=[[span]])[0].spans[0]


def test_follow_remaps_a_span_through_the_edits() -> None:
    assert span_after("follow", [5, 14, "V"]) == [5, 11, "V"]
    assert span_after("follow", [15, 17]) == [12, 14]
    assert span_after("follow", [5, 7]) == [5, 11]


def test_drop_gives_up_a_span_that_an_edit_touches() -> None:
    assert span_after("drop", [5, 14]) is None
    assert span_after("drop", [15, 17]) == [12, 14]


def test_keep_edits_nothing_inside_a_span() -> None:
    assert span_after("keep", [6, 7]) == [6, 7]


def test_a_deleted_span_is_gone() -> None:
    assert span_after("follow", [5, 14], ops={"ops": [{"type": "random_deletion", "rate": 1}]}) is None


def test_spans_follow_through_passes() -> None:
    passes = [ALL["ops"], [{"type": "random_deletion", "rate": 1}]]
    chain = {"passes": passes, "protect": {"words": ["home"], "spans": "follow"}}
    result = run(["red fox home"], chain, spans=[[[8, 12, "X"]]])[0]
    start, end, label = result.spans[0]
    assert (result.text[start:end], label) == ("home", "X")


@pytest.mark.parametrize("span", [[0], [0, 99], [3, 2], [-1, 2], ["a", 2], [0, 1, "x", 2], []])
def test_a_span_outside_its_text_is_refused(span: list[object]) -> None:
    with pytest.raises(InvalidInput, match="/spans/0/0"):
        run(["They did"], spans=[[span]])


def test_a_span_that_splits_a_code_point_is_refused() -> None:
    with pytest.raises(InvalidInput):
        run(["é"], offset_unit="utf8", spans=[[[1, 2]]])
    with pytest.raises(InvalidInput):
        run(["😀"], offset_unit="utf16", spans=[[[1, 2]]])


def test_ids_are_told_as_given_and_must_be_of_one_type() -> None:
    assert [r.id for r in run(["a", "b"], ids=["x", "y"], copies=2)] == ["x", "x", "y", "y"]
    for bad in ([1, "y"], [1], [1, -2]):
        with pytest.raises(InvalidInput):
            run(["a", "b"], ids=bad)


def test_many_copies_are_made_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "The big dogs found a small house near the old river. " * 20
    whole = [(one.copy, one.text) for one in run([text], copies=7)]
    monkeypatch.setattr(sys.modules["augsvc.pipeline.variants"], "BLOCK_BYTES", 2 * len(text))
    assert [(one.copy, one.text) for one in run([text], copies=7)] == whole
    assert len({text for _, text in whole}) > 1
