"""Errors of homophones."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Homophone(RuleOp):
    """Write a word as another that sounds like it: their, there.

    Pairs of one part of speech (sun, son), which may both be correct, it leaves alone.

    Source: Flor, Futagi, Lopez and Mulholland, "Patterns of misspellings in L2 and L1 English", 2015.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:SPELL",
        "R:DET",
        "R:PRON",
        "R:ADV",
        "R:PREP",
        "R:VERB",
        "R:NOUN",
        "R:ADJ",
        "R:OTHER",
        "R:ORTH",
        "R:CONTR",
        "M:CONTR",
        "U:CONTR",
        "R:VERB:TENSE",
        "R:NOUN:POSS",
        "R:MORPH",
        "R:PART",
        "R:CONJ",
    )
    example: ClassVar[Example] = Example(
        "They lost their dog.", "They lost there dog.", 0, {"rate": 1, "variant": "possessive"}
    )
    examples: ClassVar[Examples] = {
        "possessive": ("They lost their dog.", "They lost there dog."),
        "contraction": ("You're late.", "Your late."),
        "function_word": ("There is more than that.", "Their is more than that."),
        "content_word": ("We hear the sea.", "We here the sea."),
    }

    type: Literal["homophone"] = "homophone"
    variant: Literal["possessive", "contraction", "function_word", "content_word"] | None = Field(
        None, description=VARIANT
    )
