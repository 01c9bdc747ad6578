"""The genitive and the of-phrase."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Genitive(RuleOp):
    """Turn the genitive into an of-phrase, or back: the country's capital, the capital of the country.

    For a short possessor that is a person, a group or a place, of a noun that names a part, a role or an
    attribute of it, at the end of its noun phrase.

    Source: Quirk et al., 1985, sections 5.115-5.119; Rosenbach, Genitive Variation in English, 2002.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:NOUN:POSS", "R:OTHER")
    example: ClassVar[Example] = Example(
        "The country's capital was small.", "The capital of the country was small.", 0, {"rate": 1, "variant": "of"}
    )
    examples: ClassVar[Examples] = {
        "s": ("The capital of the country was small.", "The country's capital was small."),
        "of": ("The country's capital was small.", "The capital of the country was small."),
    }

    type: Literal["genitive"] = "genitive"
    variant: Literal["s", "of"] | None = Field(None, description=VARIANT)
