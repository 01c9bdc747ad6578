"""Errors of the inflection of verbs."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class VerbInflection(RuleOp):
    """Inflect a verb as no verb goes: goed, trys, runing.

    What would be another word it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type VERB:INFL.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:VERB:INFL",
        "R:SPELL",
        "R:MORPH",
        "R:VERB",
    )
    example: ClassVar[Example] = Example("They went home.", "They goed home.", 0, {"rate": 1, "variant": "past"})
    examples: ClassVar[Examples] = {
        "past": ("They went home.", "They goed home."),
        "third_person": ("He tries it.", "He trys it."),
        "gerund": ("He is running.", "He is runing."),
    }

    type: Literal["verb_inflection"] = "verb_inflection"
    variant: Literal["past", "third_person", "gerund"] | None = Field(None, description=VARIANT)
