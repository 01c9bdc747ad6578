"""Relative pronouns."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class RelativePronoun(RuleOp):
    """Change the pronoun of a restrictive relative clause: people who, people that.

    Only where it is the subject of its clause and stands by its noun, without a comma; not after names.

    Source: Huddleston and Pullum, The Cambridge Grammar of the English Language, 2002, chapter 12, section 3.5.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:PRON",)
    example: ClassVar[Example] = Example(
        "People who are ill rest.", "People that are ill rest.", 0, {"rate": 1, "variant": "that"}
    )
    examples: ClassVar[Examples] = {
        "that": ("People who are ill cough.", "People that are ill cough."),
        "wh": ("People that are ill cough.", "People who are ill cough."),
    }

    type: Literal["relative_pronoun"] = "relative_pronoun"
    variant: Literal["that", "wh"] | None = Field(None, description=VARIANT)
