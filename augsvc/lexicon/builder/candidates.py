"""Which words may stand in for an inflected form, and how readily."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from augsvc.lexicon.builder.blocking import is_decent, is_safe
from augsvc.lexicon.builder.entries import Entry, Key, Sense, is_common
from augsvc.lexicon.builder.registers import register_of
from augsvc.lexicon.builder.wordnet import Synset, Word
from augsvc.lexicon.wordlists import words
from augsvc.types import ZIPF_UNIT, Pos, Register

SCALE = 2**16 - 1
"""The weights of a reading's candidates sum to about this where each of its senses has candidates, else to less."""

RAREST = round(1.5 * ZIPF_UNIT)
"""Least frequency of a candidate, as in `form.zipf`: some 30 in a billion words, below any floor for running text."""

TEMPER = 0.3
"""Power to which weights are raised, so that epochs differ: of the treebank's sentences of 15 words or more, 95 % do in
the next epoch, and 91 % would without. It costs accuracy: .26 in place of .31 of the candidates drawn are what people
named (CoInCo). Mikolov et al. (2013) flatten the frequencies that they draw words by likewise."""

COVERED = 0.5
"""Power of the share of an entry's senses that have candidates: a reading's weights sum to so much of SCALE."""

COMMONEST = 4.5
"""Zipf value from which on a candidate gains nothing by its frequency: that is of other senses and parts of speech."""

CONFUSED = frozenset({"VBD", "VBN"})
"""Slots that a tagger mistakes for each other, where a verb has one form for both."""

_SPELLING = re.compile(r"[a-z][a-z' -]*[a-z]")
_PLACEHOLDERS = frozenset({"one's", "oneself", "someone", "someone's", "somebody", "somebody's", "something"})


class Proposal(NamedTuple):
    """A candidate form for a reading."""

    form: str
    sense: int  # rank of the sense it comes from, from 0
    weight: int
    register: Register


class Proposer:
    """Finds the candidates of readings among the synonyms of their entry's senses.

    A candidate is a common, safe, unblocked word of the same synset, in the reading's own slot, which may stand where
    the original may: a predicate adjective only for another. Rare words and marked registers stay in, for the one who
    draws to judge, unless nobody would write them.

    Weights are in proportion to (P(sense)^2 * affinity)^TEMPER, at least 1; what several senses give a form is added up
    before. P(sense) is the sense's share of the entry's tag counts, one added to each; it is squared because the most
    frequent sense is right more often than it was tagged. Affinity: see `_affinity`. They sum to SCALE times
    (the share of the senses that have candidates)^COVERED: a word that mostly means something else is left alone more
    often than not.
    """

    def __init__(
        self,
        synsets: Sequence[Synset],
        entries: Mapping[Key, Entry],
        forbidden: frozenset[str],
        zipf: Callable[[str], int],
    ) -> None:
        self._synsets = synsets
        self._entries = entries
        self._forbidden = forbidden
        self._zipf = zipf

    def proposals(self, entry: Entry, slot: str) -> list[Proposal]:
        """Return the candidates of a slot of an entry by sense, then falling weight, then text."""
        weights: defaultdict[str, float] = defaultdict(float)
        origins: dict[str, tuple[int, Register]] = {}
        whole = covered = 0
        for rank, sense in enumerate(entry.senses):
            count = sense.word.tag_count + 1
            found = [*self._of_sense(entry, sense, slot)]
            whole, covered = whole + count, covered + count * bool(found)
            for form, word, affinity in found:
                weights[form] += count**2 * affinity
                origins.setdefault(form, (min(rank, 255), register_of(word)))
        tempered = {form: weight**TEMPER for form, weight in weights.items()}
        unit = SCALE * (covered / whole) ** COVERED / math.fsum(tempered.values()) if weights else 0
        scaled = {form: max(1, round(weight * unit)) for form, weight in tempered.items()}
        proposals = [Proposal(form, rank, scaled[form], register) for form, (rank, register) in origins.items()]
        return sorted(proposals, key=lambda proposal: (proposal.sense, -proposal.weight, proposal.form))

    def _of_sense(self, entry: Entry, sense: Sense, slot: str) -> Iterator[tuple[str, Word, float]]:
        synset = self._synsets[sense.synset]
        if not (is_common(sense.word) and is_safe(sense.word) and is_decent(synset)):
            return
        for word in synset.words:
            other = self._entries[word.lemma, entry.pos]
            form = other.forms.get(slot, ("",))[0]
            stands = self._may_stand_in(word, sense.word) and _bears_confusion(other, entry, slot)
            if stands and self._may_be_written(form, other, entry, slot):
                yield form, word, self._affinity(form, word, other)

    def _affinity(self, form: str, word: Word, other: Entry) -> float:
        """Return how readily people write a form in a sense, whichever word they had in mind.

        The word's tag count in the sense, by the square root of that sense's share in all its uses and the fourth root
        of its frequency, a phrase counting an eighth. With these and P(sense)^2, before TEMPER, the share of
        candidates, drawn by weight, that people had named for 8,046 words in context rose from .253 (by P(sense) and
        tag counts alone) to .291 (CoInCo, without the words of SWORDS's development set).
        """
        share = (word.tag_count + 1) / (other.count + len(other.senses))
        frequency = 10 ** min(self._zipf(form) / ZIPF_UNIT, COMMONEST)
        return (1 + 4 * word.tag_count) * math.sqrt(share * math.sqrt(frequency)) * (0.125 if " " in form else 1)

    @staticmethod
    def _may_stand_in(word: Word, original: Word) -> bool:
        return is_common(word) and is_safe(word) and word.marker in {"", original.marker} and _is_plain(word.lemma)

    def _may_be_written(self, form: str, other: Entry, entry: Entry, slot: str) -> bool:
        if not _SPELLING.fullmatch(form) or self._zipf(form) < RAREST or not _is_whole(form, entry.pos):
            return False
        is_other = entry.lemma not in {form, other.lemma} and form not in entry.forms[slot]
        return is_other and self._forbidden.isdisjoint({form, other.lemma})


def _bears_confusion(other: Entry, entry: Entry, slot: str) -> bool:
    """Say whether the candidate is right even where the tagger takes a past for a participle, or the reverse.

    "found" is both at once, and only its context knows which: "saw" would be wrong for one of them.
    """
    spellings = ({forms.get(confused, ("",))[0] for confused in CONFUSED} for forms in (entry.forms, other.forms))
    own, others = map(len, spellings)
    return slot not in CONFUSED or own > 1 or others == 1


def _is_whole(form: str, pos: Pos) -> bool:
    """Say whether a phrase needs nothing before or after it that the word it replaces did not.

    "related to" for "related" would leave two prepositions, though a verb such as "bear on" takes an object; and the
    "be" of "be given" agrees with its subject.
    """
    first, *_, last = form.split(" ") if " " in form else ("", "")
    return first not in words("be") if pos is Pos.VERB else last not in words("prepositions")


def _is_plain(lemma: str) -> bool:
    """No abbreviation, symbol or numeral, and no phrase with a gap to fill."""
    if lemma in words("abbreviations") or not re.search("[aeiouy]", lemma):
        return False
    return _PLACEHOLDERS.isdisjoint(lemma.split(" "))
