"""Users' rows laid over a pack at run time: new columns beside those of the mapped file, which stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from augsvc.lexicon.candidates import form_of, reweighed, sense_of, users_candidate, weight_of
from augsvc.lexicon.enlarge import (
    ReadingChange,
    Tensors,
    with_classes,
    with_entries,
    with_forms,
    with_readings,
)
from augsvc.lexicon.thesaurus import UNIT, Row
from augsvc.lexicon.vocabulary import Entry, Lookup, Vocabulary
from augsvc.types import TAGS

if TYPE_CHECKING:
    from augsvc.lexicon.pack import Lexicon

ALONE = 1_000
"""What a row's weight of 1 comes to where a reading has no other candidate."""

MAX_WEIGHT = 2**16 - 1
NUMBERS = {tag: number for number, tag in enumerate(TAGS)}


class Wish(NamedTuple):
    """What rows say of a form of an entry: the candidates that they give it, with weights in thousandths."""

    form: int
    weights: dict[int, int]


Wishes: TypeAlias = Mapping[tuple[int, int], Wish]
"""Wishes by the number of the entry and the tag of the slot."""


def laid_over(pack: Lexicon, rows: Sequence[Row]) -> Tensors:
    """Return the tensors of a pack with rows laid over it, all read-only; those that do not change are the pack's own.

    A row's synonym becomes a candidate of sense 0 in each slot that lemma and synonym both have, in place of any that
    it was before; with weight 0 it is none in any sense. A weight of 1 makes it as likely as the pack's candidates that
    no row names together, those of the first sense that has any. Each row's work depends on the pack and on rows of its
    lemma alone.

    Raises:
        InvalidInput: more new words than the pack's index has room for.
    """
    vocabulary = Vocabulary(pack)
    wishes = _wishes(rows, vocabulary)
    tensors = with_entries(with_forms(dict(pack.tensors), vocabulary.forms), vocabulary.entries)
    changes = list(_changes(pack, wishes, tensors["form.zipf"].data))
    tensors = with_classes(with_readings(tensors, changes), len(pack.tensors["form.flags"]), changes)
    for name, tensor in tensors.items():
        if tensor is not pack.tensors[name]:
            tensor.setflags(write=False)
    return tensors


def _wishes(rows: Iterable[Row], vocabulary: Vocabulary) -> Wishes:
    wishes: dict[tuple[int, int], Wish] = {}
    for lemma, pos, synonym, weight in rows:
        found = vocabulary.entry if weight else vocabulary.find  # what is not there need not come to be removed
        entry, other = found(lemma, pos), found(synonym, pos)
        if entry is None or other is None:
            continue
        for slot in entry.forms.keys() & other.forms.keys():
            form, substitute = entry.forms[slot], other.forms[slot]
            if form != substitute:
                _wish(wishes, entry, slot).weights[substitute] = weight
    for entry in vocabulary.entries.values():
        for slot in entry.forms:
            _wish(wishes, entry, slot)
    # In order, for sets of strings have none that two processes share.
    return {key: wishes[key] for key in sorted(wishes)}


def _wish(wishes: dict[tuple[int, int], Wish], entry: Entry, slot: str) -> Wish:
    key = entry.number, NUMBERS[slot]
    if key not in wishes:
        wishes[key] = Wish(entry.forms[slot], {})
    return wishes[key]


def _changes(pack: Lexicon, wishes: Wishes, zipf: memoryview) -> Iterator[ReadingChange]:
    """Yield the readings that change: those of each spelling of the slot, or a new one where the pack has none."""
    readings, heads = Lookup(pack.tables.reading_entry), pack.tables.reading_head.data
    for (entry, tag), (form, weights) in wishes.items():
        users = {substitute: (zipf[substitute], weight) for substitute, weight in weights.items()}
        numbers = [number for number in readings.rows(entry) if heads[number] & 255 == tag]
        for number in numbers:
            words = pack.tables.candidate_word[heads[number] >> 8 : heads[number + 1] >> 8].tolist()
            yield ReadingChange(number, form, entry, tag, _candidates(words, users))
        if not numbers:
            yield ReadingChange(None, form, entry, tag, _candidates([], users))


def _candidates(words: Iterable[int], users: Mapping[int, tuple[int, int]]) -> list[int]:
    """Return a reading's candidates by sense, the users' first, then falling weight.

    `users` are frequency and weight by form.
    """
    kept = [word for word in words if form_of(word) not in users]
    first = sense_of(kept[0]) if kept else 0
    whole = sum(weight_of(word) for word in kept if sense_of(word) == first) or ALONE
    own = [
        users_candidate(form, zipf, max(1, whole * weight // UNIT)) for form, (zipf, weight) in users.items() if weight
    ]
    if not own:
        return kept
    found = [*sorted(own, key=lambda word: -weight_of(word)), *kept]
    most = max(map(weight_of, own))
    if most <= MAX_WEIGHT:
        return found
    return [reweighed(word, max(1, weight_of(word) * MAX_WEIGHT // most)) for word in found]
