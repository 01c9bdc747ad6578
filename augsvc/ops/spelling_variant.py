"""British and American spelling."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class SpellingVariant(RuleOp):
    """Write a word as in British or in American English: colour, color.

    Only words of one spelling in each, and none that is another word too (cheque, check; practise, practice);
    names keep theirs.

    Source: Quirk et al., 1985, appendix I; the list of this package, and the suffixes -ise and -ize by rule.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:SPELL", "R:ORTH")
    example: ClassVar[Example] = Example("What a color!", "What a colour!", 0, {"rate": 1, "variant": "british"})
    examples: ClassVar[Examples] = {
        "british": ("My favorite color is gray.", "My favorite color is grey."),
        "american": ("My favourite colour is grey.", "My favorite colour is grey."),
    }

    type: Literal["spelling_variant"] = "spelling_variant"
    variant: Literal["british", "american"] | None = Field(None, description=VARIANT)
