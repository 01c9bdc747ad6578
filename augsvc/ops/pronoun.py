"""Errors of pronouns."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Pronoun(RuleOp):
    """Put a pronoun in the wrong case, leave it out, repeat a subject by one, or choose the wrong one.

    Imperatives, comparisons (than me) and predicates (it is me) it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type PRON.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "M:PRON",
        "U:PRON",
        "R:PRON",
        "R:DET",
    )
    example: ClassVar[Example] = Example("He went home.", "Him went home.", 0, {"rate": 1, "variant": "case"})
    examples: ClassVar[Examples] = {
        "case": ("He saw me.", "He saw I."),
        "missing": ("I stayed because it rained.", "I stayed because rained."),
        "unnecessary": ("My brother left.", "My brother he left."),
        "replacement": ("The book that I read is old.", "The book what I read is old."),
    }

    type: Literal["pronoun"] = "pronoun"
    variant: Literal["case", "missing", "unnecessary", "replacement"] | None = Field(None, description=VARIANT)
