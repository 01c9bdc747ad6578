"""Clauses with and without that."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class ThatComplement(RuleOp):
    """Leave out or put in that before a clause: I think (that) she left.

    After verbs of saying and thinking, before a pronoun that can only be a subject (or it and you after think and
    its like), never after a participle of the passive or in the asides you know and I mean.

    Source: Quirk et al., 1985, section 15.4; Elsness, "That or zero?", English Studies 65, 1984.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("U:CONJ", "M:CONJ")
    example: ClassVar[Example] = Example(
        "I think that she left.", "I think she left.", 0, {"rate": 1, "variant": "dropped"}
    )
    examples: ClassVar[Examples] = {
        "dropped": ("I think that he left.", "I think he left."),
        "added": ("I think he left.", "I think that he left."),
    }

    type: Literal["that_complement"] = "that_complement"
    variant: Literal["dropped", "added"] | None = Field(None, description=VARIANT)
