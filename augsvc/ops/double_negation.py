"""Errors of double negation."""

from __future__ import annotations

from typing import ClassVar, Literal

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import RuleOp


class DoubleNegation(RuleOp):
    """Negate a word once more in the scope of a negation: don't have nothing.

    Clauses whose negation is not in sight it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the types that its edits have.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:DET",
        "R:PRON",
        "R:NOUN",
        "R:ADV",
        "R:OTHER",
        "M:ADV",
        "U:ADV",
        "R:CONTR",
        "U:CONTR",
    )
    example: ClassVar[Example] = Example("I don't have any money.", "I don't have no money.", 0, {"rate": 1})

    type: Literal["double_negation"] = "double_negation"
