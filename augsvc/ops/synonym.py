"""Synonyms from WordNet."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.batch import EditBatch, TokenBatch
from augsvc.kernels.propose import Draws, propose_synonyms
from augsvc.lexicon import Lexicon
from augsvc.ops.base import Example, Family, Op, articles, room_for


class Synonym(Op):
    """Replace words by WordNet synonyms, inflected and cased like the original, with `a` and `an` repaired.

    A word is read as the part of speech of its most frequent use; candidates come from the synonyms of its most
    frequent senses, drawn in proportion to their tag counts. Names and closed-class words are neither replaced nor
    proposed. Source: Fellbaum (ed.), WordNet: An Electronic Lexical Database, MIT Press 1998; as augmentation: Zhang,
    Zhao and LeCun, "Character-level convolutional networks for text classification", NeurIPS 2015.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "lexical"
    example: ClassVar[Example] = Example("She purchased a big house.", "She bought a large house.", 0, {"rate": 1})

    type: Literal["synonym"] = "synonym"
    senses: int = Field(1, ge=1, le=255, description="How many of the word's most frequent senses give synonyms.")

    def edits(self, tokens: TokenBatch, lexicon: Lexicon, draws: Draws) -> EditBatch:
        """Propose one synonym for each word that has any."""
        columns, group_rows = room_for(tokens, draws, 2)
        count = propose_synonyms(
            tokens.columns,
            lexicon.tables,
            draws,
            articles(lexicon),
            self.senses,
            columns,
            group_rows,
        )
        return EditBatch.grouped(columns, count, group_rows)
