"""Errors of contractions."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Apostrophe(RuleOp):
    """Leave out a contraction's apostrophe, or leave out, add or exchange a contracted verb.

    Genitives are not touched.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type CONTR.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "M:CONTR",
        "U:CONTR",
        "R:CONTR",
        "R:ORTH",
        "M:VERB",
        "M:VERB:TENSE",
    )
    example: ClassVar[Example] = Example("They don't know.", "They dont know.", 0, {"rate": 1, "variant": "apostrophe"})
    examples: ClassVar[Examples] = {
        "apostrophe": ("They don't know.", "They dont know."),
        "missing": ("She's going home.", "She going home."),
        "unnecessary": ("I want it.", "I'm want it."),
        "replacement": ("You're late.", "You've late."),
    }

    type: Literal["apostrophe"] = "apostrophe"
    variant: Literal["apostrophe", "missing", "unnecessary", "replacement"] | None = Field(None, description=VARIANT)
