"""Words replaced by more general, more special or opposite ones."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.lexicon import Lexicon
from augsvc.ops.base import Arguments, Example, Family
from augsvc.ops.rules import RuleOp


class Hypernym(RuleOp):
    """Replace nouns and verbs by a more general word, in the same inflection, with `a` and `an` repaired.

    A word is read as the part of speech that it has in its sentence; the hypernyms are those of its senses, drawn by
    how often each occurs, so that a word that mostly means something without any is passed over. Left out are rare
    words, phrases, names, and what is too general to mean much (thing, act). Source: Fellbaum (ed.), WordNet: An
    Electronic Lexical Database, MIT Press 1998.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "lexical"
    example: ClassVar[Example] = Example("He bought a chair.", "He bought a seat.", 0, {"rate": 1})

    type: Literal["hypernym"] = "hypernym"


class Hyponym(RuleOp):
    """Replace nouns by a more special word, in the same inflection, with `a` and `an` repaired.

    Words and senses are treated as those of `hypernym`. What the text says becomes narrower, and may become wrong.
    Source: Fellbaum (ed.), WordNet: An Electronic Lexical Database, MIT Press 1998.
    """

    version: ClassVar[int] = 2
    family: ClassVar[Family] = "lexical"
    example: ClassVar[Example] = Example("She planted a tree.", "She planted an oak.", 0, {"rate": 1})

    type: Literal["hyponym"] = "hyponym"


class Antonym(RuleOp):
    """Replace words by their opposite: the meaning changes, and a label may; with `negate`, by "not" and the opposite.

    Negated are only adjectives after a form of "be" that is not negated, before a mark or the beginning of a further
    phrase: "is happy." becomes "is not unhappy.". Source: Fellbaum (ed.), WordNet: An Electronic Lexical Database, MIT
    Press 1998; negated opposites: Horn, A Natural History of Negation, University of Chicago Press 1989.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "lexical"
    example: ClassVar[Example] = Example(
        "The task was easy.", "The task was not difficult.", 0, {"rate": 1, "negate": True}
    )

    type: Literal["antonym"] = "antonym"
    negate: bool = Field(False, description='Whether to write "not" before the opposite, so that the meaning stays.')

    def arguments(self, lexicon: Lexicon) -> Arguments:
        """Return where the rules are, and which of them."""
        return self.rules_of(lexicon, "negated" if self.negate else "plain")
