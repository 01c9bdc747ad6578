"""Coordinations."""

from __future__ import annotations

from typing import ClassVar, Literal

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import RuleOp


class CoordinationSwap(RuleOp):
    """Swap the members of a coordination: cats and dogs, dogs and cats.

    For two bare plurals before a mark or the verb, or two adjectives after be, joined by and, that are nothing
    else than plurals and adjectives; not where an article or another modifier belongs to one of them. It undoes
    itself.

    Source: Huddleston and Pullum, 2002, chapter 15, section 1.1; Quirk et al., 1985, sections 13.19-13.22.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:WO",)
    example: ClassVar[Example] = Example(
        "They sell apples and oranges.", "They sell oranges and apples.", 0, {"rate": 1}
    )

    type: Literal["coordination_swap"] = "coordination_swap"
