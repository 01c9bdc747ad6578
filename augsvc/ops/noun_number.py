"""Errors of the number of nouns."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class NounNumber(RuleOp):
    """Put a noun in the other number where a numeral, a determiner or a verb shows which is right.

    It leaves alone nouns whose number nothing shows, and collective nouns before verbs.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type NOUN:NUM.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = ("R:NOUN:NUM", "R:NOUN", "R:MORPH")
    example: ClassVar[Example] = Example("She has two dogs.", "She has two dog.", 0, {"rate": 1, "variant": "singular"})
    examples: ClassVar[Examples] = {
        "singular": ("She has two dogs.", "She has two dog."),
        "plural": ("She saw a dog.", "She saw a dogs."),
        "subject": ("The child sleeps.", "The children sleeps."),
    }

    type: Literal["noun_number"] = "noun_number"
    variant: Literal["singular", "plural", "subject"] | None = Field(None, description=VARIANT)
