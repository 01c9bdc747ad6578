"""Errors of particles."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Particle(RuleOp):
    """Leave out, add or exchange the particle of a phrasal verb.

    Verbs that mean something else without it (carry out a plan) keep theirs.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type PART.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "M:PART",
        "U:PART",
        "R:PART",
        "R:PREP",
        "M:PREP",
        "U:PREP",
        "R:ADV",
        "U:ADV",
        "M:ADV",
    )
    example: ClassVar[Example] = Example(
        "It turned out to be a joke.", "It turned to be a joke.", 0, {"rate": 1, "variant": "missing"}
    )
    examples: ClassVar[Examples] = {
        "missing": ("It turned out to be a joke.", "It turned to be a joke."),
        "unnecessary": ("We discussed the plan.", "We discussed up the plan."),
        "replacement": ("He grew up there.", "He grew off there."),
    }

    type: Literal["particle"] = "particle"
    variant: Literal["missing", "unnecessary", "replacement"] | None = Field(None, description=VARIANT)
