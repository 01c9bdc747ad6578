"""Number of a clause."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class ClauseNumber(RuleOp):
    """Change the number of a subject and its verb: the bird sings, the birds sing.

    For a sentence that begins with a definite noun phrase of one noun that counts persons or things, with its
    verb beside it and nothing after that agrees with it. The sentence then says the same of several, or of one.

    Source: Quirk et al., 1985, sections 10.34-10.37.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:NOUN:NUM", "R:VERB:SVA")
    example: ClassVar[Example] = Example(
        "The bird sings at night.", "The birds sing at night.", 0, {"rate": 1, "variant": "plural"}
    )
    examples: ClassVar[Examples] = {
        "plural": ("The dog is in the garden.", "The dogs are in the garden."),
        "singular": ("The dogs are in the garden.", "The dog is in the garden."),
    }

    type: Literal["clause_number"] = "clause_number"
    variant: Literal["plural", "singular"] | None = Field(None, description=VARIANT)
