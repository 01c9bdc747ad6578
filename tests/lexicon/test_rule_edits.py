"""From a rule to its edits: what stays in its place is not touched, and spaces come and go with what needs them."""

from __future__ import annotations

import pytest

from augsvc.lexicon.builder.rules.edits import edits_of
from augsvc.lexicon.builder.rules.syntax import parse
from augsvc.rulecode import Rewrite


def kinds(rule: str) -> list[tuple[Rewrite, int, int]]:
    (found,) = parse([f"[some]\n{rule}"]).sections["some"]
    return [(edit.kind, edit.first, edit.last) for edit in edits_of(found)]


@pytest.mark.parametrize(
    ("rule", "edits"),
    [
        ("{ do not } -> $1 +n't", [(Rewrite.REPLACE, 0, 1)]),
        ("{ do +n't } -> $1 not", [(Rewrite.REPLACE, 0, 1)]),
        ("{ VB RP DT NN } . -> $1 $3 $4 $2", [(Rewrite.DELETE, 1, 1), (Rewrite.AFTER, 3, 3)]),
        ("{ VB RP DT JJ NN } . -> $1 $3 $4 $5 $2", [(Rewrite.DELETE, 1, 1), (Rewrite.AFTER, 4, 4)]),
        ("{ i +'m } -> $1 +m", [(Rewrite.REPLACE, 0, 1)]),
        ("i { +'m } VBG ->", [(Rewrite.DELETE, 1, 1)]),
        ("VB { } NN -> the", [(Rewrite.BEFORE, 1, 1)]),
    ],
)
def test_the_edits_of_a_rule(rule: str, edits: list[tuple[Rewrite, int, int]]) -> None:
    assert kinds(rule) == edits
