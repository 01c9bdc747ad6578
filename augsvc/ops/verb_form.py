"""Errors of non-finite forms."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class VerbForm(RuleOp):
    """Exchange gerund, infinitive, participle and finite form after a word that governs one, leave out or add to.

    Verbs that take either form (like to go, like going) it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type VERB:FORM.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:VERB:FORM",
        "M:VERB:FORM",
        "U:VERB:FORM",
        "R:VERB:TENSE",
        "R:VERB:SVA",
        "R:MORPH",
    )
    example: ClassVar[Example] = Example(
        "She can swim in the sea.", "She can swimming in the sea.", 0, {"rate": 1, "variant": "gerund"}
    )
    examples: ClassVar[Examples] = {
        "infinitive": ("They enjoy swimming in the sea.", "They enjoy to swim in the sea."),
        "gerund": ("She can swim.", "She can swimming."),
        "finite": ("She can swim.", "She can swam."),
        "participle": ("He has gone home.", "He has went home."),
        "missing_to": ("I want to go.", "I want go."),
        "unnecessary_to": ("She can swim.", "She can to swim."),
    }

    type: Literal["verb_form"] = "verb_form"
    variant: Literal["infinitive", "gerund", "finite", "participle", "missing_to", "unnecessary_to"] | None = Field(
        None, description=VARIANT
    )
