"""Errors of comparison."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


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
        "R:MORPH",
    )
    example: ClassVar[Example] = Example(
        "This house is bigger than that.", "This house is more bigger than that.", 0, {"rate": 1, "variant": "double"}
    )
    examples: ClassVar[Examples] = {
        "double": ("This house is bigger than that.", "This house is more bigger than that."),
        "analytic": ("This house is bigger.", "This house is more big."),
        "degree": ("He is taller than me.", "He is tall than me."),
    }

    type: Literal["adjective_form"] = "adjective_form"
    variant: Literal["double", "analytic", "degree"] | None = Field(None, description=VARIANT)
