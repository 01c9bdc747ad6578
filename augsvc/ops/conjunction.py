"""Errors of conjunctions."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Conjunction(RuleOp):
    """Leave out a coordinating conjunction, add one after a subordinate clause, or break a pair such as both ... and.

    Coordinated adjectives, which need none, and neither ... nor it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type CONJ.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "M:CONJ",
        "U:CONJ",
        "R:CONJ",
        "U:ADV",
    )
    example: ClassVar[Example] = Example(
        "We saw the cat and the dog.", "We saw the cat the dog.", 0, {"rate": 1, "variant": "missing"}
    )
    examples: ClassVar[Examples] = {
        "missing": ("We saw the cat and the dog.", "We saw the cat the dog."),
        "unnecessary": ("Although it rained, we stayed.", "Although it rained, but we stayed."),
        "replacement": ("Both Tom and Ann left.", "Both Tom or Ann left."),
    }

    type: Literal["conjunction"] = "conjunction"
    variant: Literal["missing", "unnecessary", "replacement"] | None = Field(None, description=VARIANT)
