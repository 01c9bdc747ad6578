"""Words that are more general, more special or the opposite of a word, by its likely sense."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from augsvc.lexicon.builder.blocking import is_decent, is_safe
from augsvc.lexicon.builder.entries import Entry, Key, is_common
from augsvc.lexicon.builder.wordnet import Synset, Word
from augsvc.lexicon.tensors import Array
from augsvc.types import ZIPF_UNIT, Pos, Relation, RelationBits

WHOLE = (1 << RelationBits.END - RelationBits.WEIGHT) - 1
"""What the weights of an entry's relations of a kind sum to where each of its senses has some, about."""

COMMON = 3 * ZIPF_UNIT
"""Least frequency of a word that a relation leads to, as in `form.zipf`."""

GENERAL = {Pos.NOUN: 5, Pos.VERB: 2}
"""Synsets less deep are too general to stand for one of theirs: thing, matter, act."""

MOST = 6
"""Relations of a kind that an entry keeps, the weightiest."""

LEAST_SHARE = 0.25
"""Senses with less of the squared uses give none."""

RELATIVES = 4
"""Synsets, and words of each, that a sense takes, the most frequent."""


def relation_columns(
    entries: Sequence[Entry], synsets: Sequence[Synset], forbidden: frozenset[str], zipf: Callable[[str], int]
) -> dict[str, Array]:
    """Return the columns of relations, for entries that were tagged at least once: these come first."""
    tagged = [entry for entry in entries if entry.count]
    finder = _Finder(entries, synsets, forbidden, zipf)
    words = [[*finder.words(entry)] for entry in tagged]
    return {
        "relation.start": np.cumsum([0, *map(len, words)]).astype(np.uint32),
        "relation.word": np.array([word for some in words for word in some], np.uint32),
    }


class _Finder:
    def __init__(
        self, entries: Sequence[Entry], synsets: Sequence[Synset], forbidden: frozenset[str], zipf: Callable[[str], int]
    ) -> None:
        self._numbers: Mapping[Key, int] = {entry.key: number for number, entry in enumerate(entries)}
        self._entries, self._synsets, self._forbidden, self._zipf = entries, synsets, forbidden, zipf
        self._by_name = {synset.name: synset for synset in synsets}
        self._below: defaultdict[str, list[Synset]] = defaultdict(list)
        for synset in synsets:
            for name in synset.hypernyms:
                self._below[name].append(synset)

    def words(self, entry: Entry) -> Iterator[int]:
        """Yield an entry's relations, kind by kind, the weightiest first."""
        for kind in Relation:
            found = sorted(self._weighed(entry, kind).items(), key=lambda pair: (-pair[1], pair[0]))
            for number, weight in found[:MOST]:
                if weight:
                    yield number | kind << RelationBits.KIND | weight << RelationBits.WEIGHT

    def _weighed(self, entry: Entry, kind: Relation) -> dict[int, int]:
        """Return the weight of each related entry: the share of its senses' uses, shared out by frequency.

        The share is of squares, as it is for synonyms: the most frequent sense is right more often than it was tagged.
        """
        weights: defaultdict[int, float] = defaultdict(float)
        whole = sum((sense.word.tag_count + 1) ** 2 for sense in entry.senses)
        for sense in entry.senses:
            synset, share = self._synsets[sense.synset], (sense.word.tag_count + 1) ** 2 / whole
            if share < LEAST_SHARE or not (is_common(sense.word) and is_safe(sense.word) and is_decent(synset)):
                continue
            found = {
                self._numbers[lemma, entry.pos]: self._zipf(lemma)
                for lemma in self._lemmas(synset, sense.word, kind)
                if self._may_be_written(lemma, entry)
            }
            for number, frequency in found.items():
                weights[number] += share * frequency / sum(found.values())
        return {number: int(weight * WHOLE) for number, weight in weights.items()}

    def _lemmas(self, synset: Synset, word: Word, kind: Relation) -> Iterator[str]:
        if kind is Relation.ANTONYM:
            yield from word.antonyms
            return
        if kind is Relation.HYPONYM and synset.pos is not Pos.NOUN:
            return
        if kind is Relation.HYPERNYM:
            others = [self._by_name[name] for name in synset.hypernyms]
            others = [other for other in others if other.depth >= GENERAL.get(other.pos, 0)]
        else:
            others = sorted(self._below[synset.name], key=lambda other: -sum(w.tag_count for w in other.words))
        for other in others[:RELATIVES] if is_decent(synset) else []:
            own = [other_word for other_word in other.words if is_common(other_word) and is_safe(other_word)]
            yield from (found.lemma for found in sorted(own, key=lambda found: -found.tag_count)[:RELATIVES])

    def _may_be_written(self, lemma: str, entry: Entry) -> bool:
        """Say whether a lemma is a common single word that is no form of the entry's."""
        number = self._numbers.get((lemma, entry.pos))
        if number is None or not (lemma.isascii() and lemma.isalpha()) or len(lemma) < 2 or self._zipf(lemma) < COMMON:
            return False
        return lemma not in _spellings(entry) and self._forbidden.isdisjoint(_spellings(self._entries[number]))


def _spellings(entry: Entry) -> set[str]:
    return {entry.lemma, *(form for forms in entry.forms.values() for form in forms)}
