"""Relative clauses cut short."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class RelativeReduction(RuleOp):
    """Shorten a relative clause: the book that I read, the man who is waiting.

    Leaves out an object pronoun before a subject pronoun (the book that I read), or a subject pronoun with be
    before a participle (the man who is waiting); never after a noun that takes a clause of content (the fact
    that), nor in a cleft sentence. It has no inverse: the tense is gone.

    Source: Huddleston and Pullum, 2002, chapter 12, sections 3.1 and 7.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("U:PRON", "U:OTHER")
    example: ClassVar[Example] = Example(
        "The book that I read was long.", "The book I read was long.", 0, {"rate": 1, "variant": "object"}
    )
    examples: ClassVar[Examples] = {
        "object": ("The book that I read was long.", "The book I read was long."),
        "subject": ("I know the man who is waiting in the car.", "I know the man waiting in the car."),
    }

    type: Literal["relative_reduction"] = "relative_reduction"
    variant: Literal["object", "subject"] | None = Field(None, description=VARIANT)
