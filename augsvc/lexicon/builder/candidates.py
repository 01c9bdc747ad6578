"""Which words may stand in for an inflected form, and how readily."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from augsvc.lexicon.builder.blocking import is_decent, is_safe
from augsvc.lexicon.builder.entries import Entry, Key, Sense, is_common
from augsvc.lexicon.builder.wordlists import words
from augsvc.lexicon.builder.wordnet import Synset, Word
from augsvc.types import Pos

SCALE = 1 << 16
"""The weights of a reading's candidates sum to about this where every sense has one."""

_SPELLING = re.compile(r"[a-z][a-z' -]*[a-z]")
_PLACEHOLDERS = frozenset({"one's", "oneself", "someone", "someone's", "somebody", "somebody's", "something"})


class Proposal(NamedTuple):
    """A candidate form for a reading."""

    form: str
    sense: int  # rank of the sense it comes from, from 0
    weight: int


class Proposer:
    """Finds the candidates of readings among the synonyms of their entry's senses.

    A candidate is a common, safe, unblocked word of the same synset, in the reading's own slot, which may stand where
    the original may (predicate adjectives for predicate adjectives, plural nouns for plural nouns) and fills the same
    slots with one form, so that an ambiguous form cannot be replaced by a wrong unambiguous one. Its lemma must be
    attested in the sense-tagged corpus: the words that are not are seldom seen, and seldom what people would write.

    Its weight is SCALE * P(sense) * P(candidate | synset), at least 1. P(sense) is the sense's share of the entry's
    tag counts, one added to each; P(candidate | synset) is proportional to 1 + 4 * its own tag count in the synset, a
    phrase counting a quarter. The weights of a form that several senses give are added up.
    """

    def __init__(self, synsets: Sequence[Synset], entries: Mapping[Key, Entry], forbidden: frozenset[str]) -> None:
        self._synsets = synsets
        self._entries = entries
        self._forbidden = forbidden

    def proposals(self, entry: Entry, slot: str) -> list[Proposal]:
        """Return the candidates of a slot of an entry by sense, then falling weight, then text."""
        total = sum(sense.word.tag_count + 1 for sense in entry.senses)
        weights: defaultdict[str, int] = defaultdict(int)
        ranks: dict[str, int] = {}
        for rank, sense in enumerate(entry.senses):
            found = dict(self._of_sense(entry, sense, slot))
            share = sum(found.values()) * total
            for form, affinity in found.items():
                weights[form] += max(1, SCALE * (sense.word.tag_count + 1) * affinity // share)
                ranks.setdefault(form, rank)
        found_all = [Proposal(form, min(rank, 255), weights[form]) for form, rank in ranks.items()]
        return sorted(found_all, key=lambda proposal: (proposal.sense, -proposal.weight, proposal.form))

    def _of_sense(self, entry: Entry, sense: Sense, slot: str) -> Iterator[tuple[str, int]]:
        synset = self._synsets[sense.synset]
        if not (is_common(sense.word) and is_safe(sense.word) and is_decent(synset)):
            return
        for word in synset.words:
            other = self._entries[word.lemma, entry.pos]
            form = other.forms.get(slot, ("",))[0]
            stands = self._may_stand_in(word, sense.word) and _fills_the_same_slots(other, entry, slot)
            if stands and self._may_be_written(form, other, entry, slot):
                yield form, (1 + 4 * word.tag_count) * (1 if " " in form else 4)

    @staticmethod
    def _may_stand_in(word: Word, original: Word) -> bool:
        return is_common(word) and is_safe(word) and word.marker in {"", original.marker} and _is_plain(word.lemma)

    def _may_be_written(self, form: str, other: Entry, entry: Entry, slot: str) -> bool:
        fits = other.count > 0 and bool(_SPELLING.fullmatch(form)) and self._forbidden.isdisjoint({form, other.lemma})
        agrees = slot != "NN" or other.plural == entry.plural
        # "related to" for "related" would leave two prepositions; a verb such as "bear on" takes an object.
        whole = entry.pos is Pos.VERB or " " not in form or form.rsplit(maxsplit=1)[-1] not in words("prepositions")
        return fits and agrees and whole and entry.lemma not in {form, other.lemma} and form not in entry.forms[slot]


def _fills_the_same_slots(other: Entry, entry: Entry, slot: str) -> bool:
    """Say whether one form of `other` fills all the slots that the entry's form for `slot` fills.

    "found" is past and participle at once, and only its context knows which: "saw" would be wrong for one of them.
    """
    form = entry.forms[slot][0]
    slots = [slot for slot, spellings in entry.forms.items() if spellings[0] == form]
    return len({other.forms.get(slot, ("",))[0] for slot in slots}) == 1


def _is_plain(lemma: str) -> bool:
    """No abbreviation, symbol or numeral, and no phrase with a gap to fill."""
    if lemma in words("abbreviations") or not re.search("[aeiouy]", lemma):
        return False
    return _PLACEHOLDERS.isdisjoint(lemma.split(" "))
