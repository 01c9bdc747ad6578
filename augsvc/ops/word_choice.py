"""Errors of the choice of content words."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class WordChoice(RuleOp):
    """Leave out a content word, write it twice, or choose one that does not go with its neighbours.

    It edits fixed collocations alone (make a mistake, much better): elsewhere another word may be correct.

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the types ADJ, ADV, NOUN and VERB.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "M:ADJ",
        "M:ADV",
        "M:NOUN",
        "M:VERB",
        "U:ADJ",
        "U:ADV",
        "U:NOUN",
        "U:VERB",
        "R:ADJ",
        "R:ADV",
        "R:NOUN",
        "R:VERB",
        "R:MORPH",
    )
    example: ClassVar[Example] = Example(
        "She made a mistake.", "She did a mistake.", 0, {"rate": 1, "variant": "replacement"}
    )
    examples: ClassVar[Examples] = {
        "missing": ("It is too cold.", "It is too."),
        "unnecessary": ("She saw a dog.", "She saw a dog dog."),
        "replacement": ("She made a mistake.", "She did a mistake."),
    }

    type: Literal["word_choice"] = "word_choice"
    variant: Literal["missing", "unnecessary", "replacement"] | None = Field(None, description=VARIANT)
