"""Synonyms from WordNet."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from augsvc.constraints import IN_ANY_ORDER
from augsvc.lexicon import Lexicon
from augsvc.ops.base import Arguments, Example, Family, Op
from augsvc.types import COMMON_SENSES, COMMON_ZIPF, ZIPF_UNIT, Action, Register

Registers = Literal["informal", "dated", "formal", "regional", "foreign", "figurative"]


class Candidates(Op):
    """An operation on the synonyms of words, and which of these it takes."""

    senses: int = Field(
        COMMON_SENSES, ge=1, le=255, description="How many of the word's most frequent senses give synonyms."
    )
    min_zipf: float = Field(
        COMMON_ZIPF,
        ge=0,
        le=7.9,
        description="Least frequency of a synonym on the Zipf scale: 3 is one use in a million words.",
    )
    registers: Annotated[tuple[Registers, ...], IN_ANY_ORDER] = Field(
        (),
        max_length=len(get_args(Registers)),
        description="Registers that synonyms may belong to beside the neutral one.",
    )

    def arguments(self, lexicon: Lexicon) -> Arguments:  # noqa: ARG002  the pack's units are everyone's
        """Return the senses, the least frequency and the registers in the pack's units."""
        register = sum(Register[name.upper()] for name in self.registers)
        return Arguments(self.senses, round(self.min_zipf * ZIPF_UNIT), int(register))


class Synonym(Candidates):
    """Replace words by WordNet synonyms in the same inflection and case, with `a` and `an` repaired.

    A word is read as the part of speech that it has in its sentence; candidates come from the synonyms of its most
    frequent senses, drawn by how often each sense and each synonym occurs. A word whose likely sense has no synonym is
    passed over for another, if there is one. Names, closed-class words and words of phrases that the pack has (of
    course, took place, ice cream) are not replaced; names, closed-class words, slurs and obscenities are not proposed.
    Source: Fellbaum (ed.), WordNet: An Electronic Lexical Database, MIT Press 1998; as augmentation: Zhang, Zhao and
    LeCun, "Character-level convolutional networks for text classification", NeurIPS 2015; the Zipf scale: van Heuven et
    al., "SUBTLEX-UK", QJEP 67(6), 2014.
    """

    action: ClassVar[Action] = Action.SYNONYM
    version: ClassVar[int] = 6
    family: ClassVar[Family] = "lexical"
    example: ClassVar[Example] = Example("She purchased a big car.", "She bought a large automobile.", 0, {"rate": 1})

    type: Literal["synonym"] = "synonym"
