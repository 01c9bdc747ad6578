"""Errors of the genitive."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Possessive(RuleOp):
    """Leave out, add or misplace the genitive's apostrophe and s.

    Common nouns lose it only where they are persons: the company's policy may be the company policy.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type NOUN:POSS.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "M:NOUN:POSS",
        "U:NOUN:POSS",
        "R:NOUN:POSS",
        "R:OTHER",
    )
    example: ClassVar[Example] = Example(
        "My mother's house is old.", "My mother house is old.", 0, {"rate": 1, "variant": "missing"}
    )
    examples: ClassVar[Examples] = {
        "missing": ("My mother's house is old.", "My mother house is old."),
        "unnecessary": ("He saw the roof of the house.", "He saw the roof's of the house."),
        "replacement": ("My friends are here.", "My friend's are here."),
    }

    type: Literal["possessive"] = "possessive"
    variant: Literal["missing", "unnecessary", "replacement"] | None = Field(None, description=VARIANT)
