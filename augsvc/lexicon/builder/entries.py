"""Entries: a lemma as one part of speech, with its senses and its inflected forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from augsvc.lexicon.builder.inflection import UNSOURCED, Forms, Inflector, Sources
from augsvc.lexicon.builder.wordnet import Synset, Word
from augsvc.types import SLOTS, Pos

Key: TypeAlias = tuple[str, Pos]
"""A folded lemma and its part of speech."""


class Sense(NamedTuple):
    """One sense of an entry: the number of its synset, and the entry's own word there."""

    synset: int
    word: Word


@dataclass(frozen=True)
class Entry:
    """A folded lemma as one part of speech; senses by rank, the most frequent first."""

    lemma: str
    pos: Pos
    senses: tuple[Sense, ...]
    forms: Forms

    @cached_property
    def count(self) -> int:
        """Times the entry was tagged in the sense-tagged corpus, in any sense."""
        return sum(sense.word.tag_count for sense in self.senses)

    @property
    def key(self) -> Key:
        """Lemma and part of speech."""
        return self.lemma, self.pos


def read_entries(synsets: Sequence[Synset], sources: Sources = UNSOURCED) -> dict[Key, Entry]:
    """Return the entries of all synsets, by falling tag count, then lemma, then part of speech."""
    senses: defaultdict[Key, list[Sense]] = defaultdict(list)
    for number, synset in enumerate(synsets):
        for word in synset.words:
            senses[word.lemma, synset.pos].append(Sense(number, word))
    nouns, verbs = (
        {lemma for lemma, pos in senses if pos is kind and lemma.isalpha()} for kind in (Pos.NOUN, Pos.VERB)
    )
    inflector = Inflector(sources, nouns, verbs)
    found = [_entry(lemma, pos, listed, synsets, inflector) for (lemma, pos), listed in senses.items()]
    found.sort(key=lambda entry: (-entry.count, entry.key))
    return {entry.key: entry for entry in found}


def _entry(lemma: str, pos: Pos, senses: list[Sense], synsets: Sequence[Synset], inflector: Inflector) -> Entry:
    ranked = tuple(sorted(senses, key=lambda sense: sense.word.rank))
    common = any(is_common(sense.word) or _names_members(lemma, synsets[sense.synset]) for sense in ranked)
    # a verb has forms whatever its capitals: Romanized
    forms: Forms = inflector.forms(lemma, pos) if common or pos is Pos.VERB else {SLOTS[pos][0]: (lemma,)}
    return Entry(lemma, pos, ranked, forms)


def is_common(word: Word) -> bool:
    """Say whether a word is spelt without capitals and digits: no proper noun."""
    return word.spelling == word.lemma and not any(map(str.isdigit, word.lemma))


def _names_members(lemma: str, synset: Synset) -> bool:
    """Capitalised, but with a plural all the same: Americans, Sundays."""
    return lemma.isalpha() and synset.topic in {"noun.person", "noun.time"}
