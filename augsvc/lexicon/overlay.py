"""Users' rows laid over a pack at run time: new columns beside those of the mapped file, which stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from augsvc.lexicon.candidates import CandidateColumns
from augsvc.lexicon.enlarge import (
    Candidate,
    ReadingChange,
    Tensors,
    with_classes,
    with_entries,
    with_forms,
    with_readings,
)
from augsvc.lexicon.tensors import Array
from augsvc.lexicon.thesaurus import UNIT, Row
from augsvc.lexicon.vocabulary import Entry, Lookup, Vocabulary
from augsvc.types import TAGS, Register, Uint64s

if TYPE_CHECKING:
    from augsvc.lexicon.pack import Lexicon

ALONE = 1_000
"""What a row's weight of 1 comes to where a reading has no other candidate."""

MAX_WEIGHT = 2**16 - 1
NONE = np.empty(0, np.uint64)


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
    tensors = with_entries(with_forms(pack.tensors, vocabulary.forms), vocabulary.entries)
    changes = list(_changes(pack, wishes, tensors["form.zipf"]))
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
    return wishes.setdefault((entry.number, TAGS.index(slot)), Wish(entry.forms[slot], {}))


def _changes(pack: Lexicon, wishes: Wishes, zipf: Array) -> Iterator[ReadingChange]:
    """Yield the readings that change: those of each spelling of the slot, or a new one where the pack has none."""
    readings, heads = Lookup(pack.tables.reading_entry), pack.tables.reading_head
    for (entry, tag), (form, weights) in wishes.items():
        users = {substitute: (int(zipf[substitute]), weight) for substitute, weight in weights.items()}
        numbers = [number for number in readings.rows(entry) if heads[number] & 255 == tag]
        for number in numbers:
            words = pack.tables.candidate_word[heads[number] >> 8 : heads[number + 1] >> 8]
            yield ReadingChange(number, form, entry, tag, _candidates(words, users))
        if not numbers:
            yield ReadingChange(None, form, entry, tag, _candidates(NONE, users))


def _candidates(words: Uint64s, users: Mapping[int, tuple[int, int]]) -> list[Candidate]:
    """Return a reading's candidates by sense, the users' first, then falling weight.

    `users` are frequency and weight by form.
    """
    columns = (column.tolist() for column in CandidateColumns.unpacked(words))
    kept = [Candidate(*row) for row in zip(*columns, strict=True) if row[0] not in users]
    whole = sum(candidate.weight for candidate in kept if candidate.sense == kept[0].sense) or ALONE
    own = [
        Candidate(form, zipf, 0, Register.USER, max(1, whole * weight // UNIT))
        for form, (zipf, weight) in users.items()
        if weight
    ]
    found = [*sorted(own, key=lambda candidate: -candidate.weight), *kept]
    most = max((candidate.weight for candidate in own), default=0)
    if most <= MAX_WEIGHT:
        return found
    return [candidate._replace(weight=max(1, candidate.weight * MAX_WEIGHT // most)) for candidate in found]
