"""Errors of prepositions."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Preposition(RuleOp):
    """Leave out, add or exchange a preposition that a verb, an adjective, a noun or a time asks for.

    It edits only what such a word governs: elsewhere another preposition may be correct.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type PREP.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "M:PREP",
        "U:PREP",
        "R:PREP",
    )
    example: ClassVar[Example] = Example(
        "We waited for the bus.", "We waited the bus.", 0, {"rate": 1, "variant": "missing"}
    )
    examples: ClassVar[Examples] = {
        "missing": ("We depend on him.", "We depend him."),
        "unnecessary": ("They discussed the plan.", "They discussed about the plan."),
        "replacement": ("She is interested in music.", "She is interested at music."),
    }

    type: Literal["preposition"] = "preposition"
    variant: Literal["missing", "unnecessary", "replacement"] | None = Field(None, description=VARIANT)
