"""Errors of word order."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class WordOrder(RuleOp):
    """Put a word in the wrong place: an adjective after its noun, a question in the order of a statement.

    Orders that English allows (quickly ran, ran quickly) it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type WO.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = ("R:WO",)
    example: ClassVar[Example] = Example(
        "She has a red car.", "She has a car red.", 0, {"rate": 1, "variant": "adjective"}
    )
    examples: ClassVar[Examples] = {
        "adjective": ("She has a red car.", "She has a car red."),
        "adverb": ("He read it quickly.", "He read quickly it."),
        "question": ("Where do you live?", "Where you do live?"),
        "indirect_question": ("I know what it is.", "I know what is it."),
    }

    type: Literal["word_order"] = "word_order"
    variant: Literal["adjective", "adverb", "question", "indirect_question"] | None = Field(None, description=VARIANT)
