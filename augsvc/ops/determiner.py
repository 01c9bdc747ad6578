"""Errors of determiners."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class Determiner(RuleOp):
    """Leave out, add or exchange an article or another determiner.

    It leaves plural and mass nouns without one alone, which may be correct, and nouns that stand bare in fixed
    phrases (in school).

    Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of error types for grammatical error
    correction", ACL 2017: the type DET.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = (
        "M:DET",
        "U:DET",
        "R:DET",
    )
    example: ClassVar[Example] = Example("She saw a dog.", "She saw dog.", 0, {"rate": 1, "variant": "missing"})
    examples: ClassVar[Examples] = {
        "missing": ("She saw a dog.", "She saw dog."),
        "unnecessary": ("I like dogs.", "I like a dogs."),
        "replacement": ("The same man came.", "A same man came."),
        "article_form": ("I ate an apple.", "I ate a apple."),
        "agreement": ("This dog is here.", "These dog is here."),
    }

    type: Literal["determiner"] = "determiner"
    variant: Literal["missing", "unnecessary", "replacement", "article_form", "agreement"] | None = Field(
        None, description=VARIANT
    )
