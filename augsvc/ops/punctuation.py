"""Errors of punctuation."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Punctuation(RuleOp):
    """Leave out, add or exchange a punctuation mark, or join two sentences by a comma or by nothing.

    Commas that are a matter of style it leaves alone.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type PUNCT.
    """

    version: ClassVar[int] = 2
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "M:PUNCT",
        "U:PUNCT",
        "R:PUNCT",
        "M:CONJ",
    )
    example: ClassVar[Example] = Example("However, she left.", "However she left", 0, {"rate": 1, "variant": "missing"})
    examples: ClassVar[Examples] = {
        "missing": ("However, she left.", "However she left."),
        "unnecessary": ("The old man is here.", "The old man, is here."),
        "replacement": ("Where do you live?", "Where do you live."),
        "comma_splice": ("It rained; we stayed.", "It rained, we stayed."),
        "run_on": ("It rained. They stayed.", "It rained they stayed."),
    }

    type: Literal["punctuation"] = "punctuation"
    variant: Literal["missing", "unnecessary", "replacement", "comma_splice", "run_on"] | None = Field(
        None, description=VARIANT
    )
