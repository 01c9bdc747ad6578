"""Two ways to compare adjectives."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Comparative(RuleOp):
    """Compare an adjective by its ending or by more and most: quieter, more quiet.

    For adjectives of two syllables that take both; not before a noun where more may count it, nor in a
    coordination.

    Source: Quirk et al., 1985, sections 7.79-7.82; Hilpert, "The English comparative", English Language and
    Linguistics 12, 2008.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:ADJ:FORM", "R:ADJ")
    example: ClassVar[Example] = Example(
        "It is quieter than before.", "It is more quiet than before.", 0, {"rate": 1, "variant": "analytic"}
    )
    examples: ClassVar[Examples] = {
        "synthetic": ("It is more quiet than before.", "It is quieter than before."),
        "analytic": ("It is quieter than before.", "It is more quiet than before."),
    }

    type: Literal["comparative"] = "comparative"
    variant: Literal["synthetic", "analytic"] | None = Field(None, description=VARIANT)
