"""Active and passive."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Voice(RuleOp):
    """Turn a clear transitive clause into the passive, or back: the boy kicked the ball.

    For a clause in the present or past tense or with a modal, from the beginning of a sentence or a conjunction on to
    its end or the next conjunction, with short noun phrases and a listed verb. It abstains where the agent is a
    pronoun, and from quantifiers (every boy), possessives of the third person (his ball) and idioms.

    Source: Quirk et al., 1985, sections 3.63-3.72.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:VERB:TENSE", "R:OTHER")
    example: ClassVar[Example] = Example(
        "The boy kicked the ball.", "The ball was kicked by the boy.", 0, {"rate": 1, "variant": "passive"}
    )
    examples: ClassVar[Examples] = {
        "passive": ("The boy kicked the ball.", "The ball was kicked by the boy."),
        "active": ("The ball was kicked by the boy.", "The boy kicked the ball."),
    }

    type: Literal["voice"] = "voice"
    variant: Literal["passive", "active"] | None = Field(None, description=VARIANT)
