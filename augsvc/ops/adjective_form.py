"""Errors of comparison."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, RuleOp


class AdjectiveForm(RuleOp):
    """Compare an adjective twice, with more where it takes -er, or to the wrong degree.

    Adjectives that go either way (clearer, more clear) it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type ADJ:FORM.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "R:ADJ:FORM",
        "R:ADJ",
        "U:ADV",
        "U:ADJ",
    )
    example: ClassVar[Example] = Example(
        "This house is bigger than that.", "This house is more bigger than that.", 0, {"rate": 1, "variant": "double"}
    )

    type: Literal["adjective_form"] = "adjective_form"
    variant: Literal["double", "analytic", "degree"] | None = Field(None, description=VARIANT)
