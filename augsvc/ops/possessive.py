"""Errors of the genitive."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, RuleOp


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
    )
    example: ClassVar[Example] = Example(
        "My mother's house is old.", "My mother house is old.", 0, {"rate": 1, "variant": "missing"}
    )

    type: Literal["possessive"] = "possessive"
    variant: Literal["missing", "unnecessary", "replacement"] | None = Field(None, description=VARIANT)
