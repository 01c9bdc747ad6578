"""Adverbs in the middle of the clause."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class AdverbPlacement(RuleOp):
    """Move an adverb of the middle of the clause across its auxiliary: will probably win, probably will win.

    For listed adverbs between a subject and a verb, never in a question or beside a negation.

    Source: Quirk et al., 1985, sections 8.14-8.23.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:WO",)
    example: ClassVar[Example] = Example(
        "She will probably win.", "She probably will win.", 0, {"rate": 1, "variant": "before_auxiliary"}
    )
    examples: ClassVar[Examples] = {
        "after_auxiliary": ("She probably will win.", "She will probably win."),
        "before_auxiliary": ("She will probably win.", "She probably will win."),
    }

    type: Literal["adverb_placement"] = "adverb_placement"
    variant: Literal["after_auxiliary", "before_auxiliary"] | None = Field(None, description=VARIANT)
