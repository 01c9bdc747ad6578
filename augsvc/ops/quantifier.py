"""Errors of quantifiers."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Quantifier(RuleOp):
    """Exchange the quantifiers of countable and uncountable nouns: much, many.

    Nouns that are both it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the types DET and ADJ, of which quantifiers are a part.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:ADJ",
        "R:DET",
        "R:NOUN",
        "R:ADV",
    )
    example: ClassVar[Example] = Example(
        "She has many friends.", "She has much friends.", 0, {"rate": 1, "variant": "countable"}
    )
    examples: ClassVar[Examples] = {
        "countable": ("She has many friends.", "She has much friends."),
        "uncountable": ("There is not much information.", "There is not many information."),
    }

    type: Literal["quantifier"] = "quantifier"
    variant: Literal["countable", "uncountable"] | None = Field(None, description=VARIANT)
