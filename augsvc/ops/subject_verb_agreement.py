"""Errors of subject-verb agreement."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class SubjectVerbAgreement(RuleOp):
    """Put a finite verb in the number that its subject is not.

    The subject stands beside its verb; collective nouns (team) and conditions (if I was) it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type VERB:SVA.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:VERB:SVA",
        "R:VERB:TENSE",
        "R:MORPH",
    )
    example: ClassVar[Example] = Example("She likes dogs.", "She like dogs.", 0, {"rate": 1, "variant": "pronoun"})
    examples: ClassVar[Examples] = {
        "pronoun": ("She likes dogs.", "She like dogs."),
        "noun": ("The dog sleeps.", "The dog sleep."),
    }

    type: Literal["subject_verb_agreement"] = "subject_verb_agreement"
    variant: Literal["pronoun", "noun"] | None = Field(None, description=VARIANT)
