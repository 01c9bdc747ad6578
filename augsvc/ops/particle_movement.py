"""Particles of verbs."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class ParticleMovement(RuleOp):
    """Move a verb's particle across its object: pick up the book, pick the book up.

    For listed pairs of verb and particle whose object is a short noun phrase at the end of its clause, never a
    pronoun.

    Source: Gries, Multifactorial Analysis in Corpus Linguistics: A Study of Particle Placement, 2003.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:WO",)
    example: ClassVar[Example] = Example(
        "She picked up the book.", "She picked the book up.", 0, {"rate": 1, "variant": "split"}
    )
    examples: ClassVar[Examples] = {
        "joined": ("She picked the book up.", "She picked up the book."),
        "split": ("She picked up the book.", "She picked the book up."),
    }

    type: Literal["particle_movement"] = "particle_movement"
    variant: Literal["joined", "split"] | None = Field(None, description=VARIANT)
