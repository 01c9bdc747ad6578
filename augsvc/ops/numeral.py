"""Numbers as words and digits."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Numeral(RuleOp):
    """Write a small whole number before a plural noun as a word or in digits: three, 3.

    For two to twelve inside a sentence, before a plural and after a word that a count may follow; not in dates,
    ranges, sums, fractions or the number of a part (page 3). It rewrites the number and never its value.

    Source: The Chicago Manual of Style, 17th edition, 2017, section 9.2.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:OTHER", "R:ORTH")
    example: ClassVar[Example] = Example("She has three dogs.", "She has 3 dogs.", 0, {"rate": 1, "variant": "digits"})
    examples: ClassVar[Examples] = {
        "words": ("She has 3 dogs.", "She has three dogs."),
        "digits": ("She has three dogs.", "She has 3 dogs."),
    }

    type: Literal["numeral"] = "numeral"
    variant: Literal["words", "digits"] | None = Field(None, description=VARIANT)
