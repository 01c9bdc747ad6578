"""Contractions."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Contraction(RuleOp):
    """Contract two words, or expand a contraction: do not, don't.

    Both ways alike, so that each undoes the other, but for a curly apostrophe, which comes back straight, and
    words in capitals. 'd and 's only where the next word settles which word they stand for; never before a gap
    (what it is), at the end of a clause, in a question, or with not only.

    Source: Quirk et al., A Comprehensive Grammar of the English Language, 1985, sections 3.23, 3.32 and 3.39.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:CONTR", "R:VERB", "R:OTHER")
    example: ClassVar[Example] = Example(
        "She does not like it.", "She doesn't like it.", 0, {"rate": 1, "variant": "contract"}
    )
    examples: ClassVar[Examples] = {
        "contract": ("She does not like it.", "She doesn't like it."),
        "expand": ("She doesn't like it.", "She does not like it."),
    }

    type: Literal["contraction"] = "contraction"
    variant: Literal["contract", "expand"] | None = Field(None, description=VARIANT)
