"""Errors of auxiliaries."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Auxiliary(RuleOp):
    """Leave out, add or exchange an auxiliary verb.

    Verbs whose past tense is their participle keep their auxiliary: found may be either.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type VERB:TENSE.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "M:VERB:TENSE",
        "U:VERB:TENSE",
        "R:VERB:TENSE",
        "M:VERB",
        "U:VERB",
        "R:VERB",
    )
    example: ClassVar[Example] = Example(
        "She is reading the book.", "She reading the book.", 0, {"rate": 1, "variant": "missing"}
    )
    examples: ClassVar[Examples] = {
        "missing": ("She is reading the book.", "She reading the book."),
        "unnecessary": ("I agree.", "I am agree."),
        "replacement": ("He has been here.", "He is been here."),
    }

    type: Literal["auxiliary"] = "auxiliary"
    variant: Literal["missing", "unnecessary", "replacement"] | None = Field(None, description=VARIANT)
