"""Errors of orthography."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Orthography(RuleOp):
    """Write a word with the wrong capital, two words as one or one as two.

    Names keep their capitals unless they are days, months, languages and countries.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type ORTH.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = ("R:ORTH",)
    example: ClassVar[Example] = Example("I like him a lot.", "I like him alot.", 0, {"rate": 1, "variant": "joined"})
    examples: ClassVar[Examples] = {
        "case": ("I came on Monday.", "I came on monday."),
        "capital": ("She saw the dog.", "She saw the Dog."),
        "joined": ("I like him a lot.", "I like him alot."),
        "split": ("We play football today.", "We play foot ball today."),
    }

    type: Literal["orthography"] = "orthography"
    variant: Literal["case", "capital", "joined", "split"] | None = Field(None, description=VARIANT)
