"""Tense of a sentence."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class TenseShift(RuleOp):
    """Shift a sentence of one clause from the present to the past, or back: she walks home, she walked home.

    For a pronoun, one finite verb, and no adverbial of time.

    Source: Quirk et al., 1985, sections 4.3-4.16.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:VERB:TENSE",)
    example: ClassVar[Example] = Example("She walks home.", "She walked home.", 0, {"rate": 1, "variant": "past"})
    examples: ClassVar[Examples] = {
        "past": ("She walks home.", "She walked home."),
        "present": ("She walked home.", "She walks home."),
    }

    type: Literal["tense_shift"] = "tense_shift"
    variant: Literal["past", "present"] | None = Field(None, description=VARIANT)
