"""Adverbials at the beginning."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class AdverbialFronting(RuleOp):
    """Move an adverbial of time from the end of a sentence to its beginning, or back.

    For sentences of one clause that begin with their subject, with a listed adverbial of time that ends them; not
    with an infinitive, a verb of saying or another clause, to which the adverbial might belong.

    Source: Quirk et al., 1985, sections 8.22, 8.76 and 8.77.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:WO",)
    example: ClassVar[Example] = Example(
        "She left the office yesterday.", "Yesterday, she left the office.", 0, {"rate": 1, "variant": "front"}
    )
    examples: ClassVar[Examples] = {
        "front": ("She left the office yesterday.", "Yesterday, she left the office."),
        "end": ("Yesterday, she left the office.", "She left the office yesterday."),
    }

    type: Literal["adverbial_fronting"] = "adverbial_fronting"
    variant: Literal["front", "end"] | None = Field(None, description=VARIANT)
