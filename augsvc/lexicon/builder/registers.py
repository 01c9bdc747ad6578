"""Where words are at home, by WordNet's usage and region domains."""

from __future__ import annotations

from augsvc.lexicon.builder.wordnet import Word
from augsvc.lexicon.wordlists import rows
from augsvc.types import Register


def register_of(word: Word) -> Register:
    """Return the register of a word in one of its senses; none for a word that is at home anywhere."""
    marks = (Register[name] for domain, name in rows("registers") if domain in word.domains)
    return Register(sum(set(marks)))
