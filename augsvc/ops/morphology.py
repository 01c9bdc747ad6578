"""Errors of derivation."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Morphology(RuleOp):
    """Write a word as another part of speech of its family: different, difference.

    Words that are several parts of speech it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type MORPH.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:MORPH",
        "R:NOUN",
        "R:ADJ",
        "R:VERB",
        "R:OTHER",
    )
    example: ClassVar[Example] = Example(
        "It is important to sleep.", "It is importance to sleep.", 0, {"rate": 1, "variant": "noun"}
    )
    examples: ClassVar[Examples] = {
        "noun": ("It is important to sleep.", "It is importance to sleep."),
        "adjective": ("He saw the importance of it.", "He saw the important of it."),
        "verb": ("We heard the discussion.", "We heard the discuss."),
    }

    type: Literal["morphology"] = "morphology"
    variant: Literal["noun", "adjective", "verb"] | None = Field(None, description=VARIANT)
