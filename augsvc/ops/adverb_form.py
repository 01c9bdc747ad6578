"""Errors of adjectives and adverbs."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class AdverbForm(RuleOp):
    """Write an adjective where an adverb belongs, or the other way round.

    Adverbs that are adjectives too (fast, slow) it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type MORPH.
    """

    version: ClassVar[int] = 2
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:MORPH",
        "R:ADJ",
        "R:ADV",
    )
    example: ClassVar[Example] = Example(
        "It was extremely good.", "It was extreme good.", 0, {"rate": 1, "variant": "adjective"}
    )
    examples: ClassVar[Examples] = {
        "adjective": ("It was extremely good.", "It was extreme good."),
        "adverb": ("She has a quick answer.", "She has a quickly answer."),
    }

    type: Literal["adverb_form"] = "adverb_form"
    variant: Literal["adjective", "adverb"] | None = Field(None, description=VARIANT)
