"""Errors of the inflection of nouns."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class NounInflection(RuleOp):
    """Inflect a noun as no noun goes: childs, childrens, informations.

    What would be another word it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type NOUN:INFL.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:NOUN:INFL",
        "R:NOUN:NUM",
        "R:MORPH",
        "R:SPELL",
    )
    example: ClassVar[Example] = Example(
        "The children slept.", "The childs slept.", 0, {"rate": 1, "variant": "regularized"}
    )
    examples: ClassVar[Examples] = {
        "regularized": ("The children slept.", "The childs slept."),
        "doubled": ("The men left.", "The mens left."),
        "uncountable": ("We need information.", "We need informations."),
    }

    type: Literal["noun_inflection"] = "noun_inflection"
    variant: Literal["regularized", "doubled", "uncountable"] | None = Field(None, description=VARIANT)
