"""Two objects."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class DativeAlternation(RuleOp):
    """Swap the two objects of a verb of giving: gave her a book, gave a book to her.

    For listed verbs, a pronoun that receives, and a thing that can be handed over, at the end of the clause.

    Source: Levin, English Verb Classes and Alternations, 1993, section 2.1; Bresnan et al., "Predicting the
    dative alternation", 2007.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:WO", "R:OTHER")
    example: ClassVar[Example] = Example(
        "She gave him a book.", "She gave a book to him.", 0, {"rate": 1, "variant": "prepositional"}
    )
    examples: ClassVar[Examples] = {
        "prepositional": ("She gave him a book.", "She gave a book to him."),
        "double_object": ("She gave a book to him.", "She gave him a book."),
    }

    type: Literal["dative_alternation"] = "dative_alternation"
    variant: Literal["prepositional", "double_object"] | None = Field(None, description=VARIANT)
