"""Errors of tense."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class VerbTense(RuleOp):
    """Put a verb in a tense that an adverb of time, or the verb before it, rules out.

    Where nothing fixes the time another tense is no error, so it edits nothing.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type VERB:TENSE.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:VERB:TENSE",
        "U:VERB:TENSE",
    )
    example: ClassVar[Example] = Example(
        "He arrived yesterday.", "He arrives yesterday.", 0, {"rate": 1, "variant": "present"}
    )
    examples: ClassVar[Examples] = {
        "present": ("He arrived yesterday.", "He arrives yesterday."),
        "perfect": ("I saw him last week.", "I have seen him last week."),
        "future": ("If it rains, we stay.", "If it will rain, we stay."),
        "conditional": ("I wish I could swim.", "I wish I can swim."),
        "past": ("She will leave tomorrow.", "She left tomorrow."),
    }

    type: Literal["verb_tense"] = "verb_tense"
    variant: Literal["present", "perfect", "future", "conditional", "past"] | None = Field(None, description=VARIANT)
