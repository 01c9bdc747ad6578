"""A largest share of changed words holds over all operations and passes."""

from __future__ import annotations

import re

import pytest

import augsvc
from augsvc.pipeline import parse

OPS = [{"type": kind, "rate": 0.5} for kind in ("synonym", "random_swap", "random_deletion", "aeda", "determiner")]
WORDS = re.compile(r"\w+")


def changed(edits: list[augsvc.Edit]) -> int:
    return sum(max(1, len(WORDS.findall(edit.original))) for edit in edits)


@pytest.mark.parametrize("form", [{"ops": OPS}, {"passes": [OPS[:2], OPS[2:4], OPS[4:]]}])
@pytest.mark.parametrize("share", [0, 0.1, 0.3])
def test_no_text_changes_by_more_than_the_share(form: dict[str, object], share: float, sentences: list[str]) -> None:
    some = [s for s in sentences if re.fullmatch(r"[A-Za-z ,.]+", s)][:400]
    results = augsvc.augment(some, form | {"protect": {"max_changed": share}}, seed=1, copies=2)
    counts = [
        (changed(result.edits), len(WORDS.findall(text)) * share)
        for text, result in zip([s for s in some for _ in range(2)], results, strict=True)
    ]
    assert all(count <= most for count, most in counts)
    assert share == 0 or sum(count for count, _ in counts) > sum(most for _, most in counts) / 2


def test_without_it_more_changes(sentences: list[str]) -> None:
    free = augsvc.augment(sentences[:100], {"ops": OPS}, seed=1)
    held = augsvc.augment(sentences[:100], {"ops": OPS, "protect": {"max_changed": 0.2}}, seed=1)
    assert sum(changed(r.edits) for r in free) > 2 * sum(changed(r.edits) for r in held)


def test_it_is_part_of_the_document_only_where_it_is_given() -> None:
    assert "protect" not in parse({"ops": OPS}).document()
    assert parse({"ops": OPS, "protect": {"max_changed": 0.2}}).document()["protect"] == {"max_changed": 0.2}
