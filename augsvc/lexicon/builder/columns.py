"""From entries to the columns of a pack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from augsvc.errors import InvalidInput
from augsvc.lexicon.builder.candidates import Proposer
from augsvc.lexicon.builder.entries import Entry, Key, Sense
from augsvc.lexicon.builder.frequencies import Frequencies, zipf_number
from augsvc.lexicon.builder.unicode import tables as unicode_tables
from augsvc.lexicon.builder.wordnet import Synset
from augsvc.lexicon.candidates import CandidateColumns, masses, reading_heads
from augsvc.lexicon.index import filled, keys
from augsvc.lexicon.links import links
from augsvc.lexicon.tensors import Array
from augsvc.types import ID_BITS, NOTHING, SLOTS, TAGS, FormFlag

SHARES = {
    "NN": 700, "NNS": 300, "VB": 400, "VBZ": 120, "VBD": 220, "VBN": 160, "VBG": 100,
    "JJ": 950, "JJR": 30, "JJS": 20, "RB": 970, "RBR": 20, "RBS": 10,
}  # fmt: skip
"""Rough share, in thousandths, of each slot in the uses of a lemma: what decides between the readings of a form."""


MOST_COUNTED = 2**16 - 1
"""Most tagged uses that the pack tells of an entry."""

COMPARED = frozenset({"JJR", "JJS", "RBR", "RBS"})
"""Slots of comparatives and superlatives."""


class Use(NamedTuple):
    """A form as the slot of an entry."""

    entry: int
    slot: str


@dataclass(frozen=True)
class Forms:
    """The forms of a pack in the order of their ids, with their readings, the most frequent first."""

    texts: tuple[str, ...]
    uses: tuple[tuple[Use, ...], ...]
    counts: tuple[int, ...]  # tagged uses
    zipf: tuple[int, ...]  # frequencies, as `form.zipf` has them
    ids: Mapping[str, int]


def order_forms(entries: Sequence[Entry], extra: Iterable[str], frequencies: Frequencies) -> Forms:
    """Number all forms by falling frequency, so that a text's words lie close together; then by bytes."""
    uses = _uses(entries, extra)
    counts = {form: sum(_tagged(entries[use.entry], use.slot) for use in found) for form, found in uses.items()}
    shares = {form: frequencies.of(form, count) for form, count in counts.items()}
    texts = tuple(sorted(uses, key=lambda form: (-shares[form], -counts[form], form.encode())))
    if len(texts) >= 1 << ID_BITS:
        raise InvalidInput(f"{len(texts)} forms are more than a pack can number ({1 << ID_BITS}).")
    return Forms(
        texts=texts,
        uses=tuple(tuple(uses[form]) for form in texts),
        counts=tuple(counts[form] for form in texts),
        zipf=tuple(zipf_number(shares[form]) for form in texts),
        ids={form: number for number, form in enumerate(texts)},
    )


def _uses(entries: Sequence[Entry], extra: Iterable[str]) -> dict[str, list[Use]]:
    """Form -> its uses, the most frequent first."""
    uses: defaultdict[str, list[Use]] = defaultdict(list, {form: [] for form in extra})
    for number, entry in enumerate(entries):
        for slot, spellings in entry.forms.items():
            for spelling in spellings:
                uses[spelling].append(Use(number, slot))
    compared = {form for form, found in uses.items() if any(use.slot in COMPARED for use in found)}

    def frequency(use: Use) -> tuple[bool, int, int, str]:
        entry = entries[use.entry]
        # "better" is also a lemma of its own in WordNet; it is the comparative of "good" all the same.
        own = use.slot in {"JJ", "RB"} and entry.lemma in compared
        # Doubled plus one, so that the shares decide between entries that were never tagged, too.
        return own, -(2 * entry.count + 1) * SHARES[use.slot], use.entry, use.slot

    for found in uses.values():
        found.sort(key=frequency)
    return uses


def _tagged(entry: Entry, slot: str) -> int:
    """Tagged uses of a slot of an entry: a share of the entry's, rounded up."""
    return -(-entry.count * SHARES[slot] // 1000)


def form_columns(forms: Forms, flags: Sequence[FormFlag]) -> dict[str, Array]:
    """Return the columns of forms, their index, and the Unicode tables."""
    encoded = [text.encode() for text in forms.texts]
    page, classes, deltas = unicode_tables()
    return {
        "text.blob": np.frombuffer(b"".join(encoded), np.uint8),
        "form.offset": _offsets(map(len, encoded)),
        "form.key": keys(forms.texts),
        "form.flags": np.array([int(flag) for flag in flags], np.uint16),
        "form.zipf": np.array(forms.zipf, np.uint8),
        "form.reading": _offsets(map(len, forms.uses)),
        "index.slot": filled(forms.texts),
        "phrase.link": links(forms.texts),
        "unicode.page": page,
        "unicode.class": classes,
        "unicode.fold": deltas,
    }


def reading_columns(forms: Forms, entries: Sequence[Entry], proposer: Proposer) -> dict[str, Array]:
    """Return the columns of readings and of their candidates."""
    uses = [use for group in forms.uses for use in group]
    found = {use: _rows(proposer, entries[use.entry], use.slot, forms) for use in dict.fromkeys(uses)}
    rows = np.array([row for use in uses for row in found[use]], np.int64).reshape(-1, len(CandidateColumns._fields))
    tags = np.array([TAGS.index(use.slot) for use in uses], np.int64)
    heads, words = reading_heads(_offsets(len(found[use]) for use in uses), tags), CandidateColumns(*rows.T).packed()
    return {
        "form.mass": masses(_offsets(map(len, forms.uses)), heads, words),
        "reading.entry": np.array([use.entry for use in uses], np.uint32),
        "reading.head": heads.astype(np.uint32),
        "candidate.word": words,
    }


def _rows(proposer: Proposer, entry: Entry, slot: str, forms: Forms) -> list[tuple[int, ...]]:
    """Return the fields of each candidate, in the order of CandidateColumns."""
    found = [(forms.ids[proposal.form], proposal) for proposal in proposer.proposals(entry, slot)]
    return [
        (number, forms.zipf[number], proposal.sense, proposal.register, proposal.weight) for number, proposal in found
    ]


def entry_columns(forms: Forms, entries: Sequence[Entry]) -> dict[str, Array]:
    """Return the columns of entries."""
    return {
        "entry.form": np.array([forms.ids[entry.lemma] for entry in entries], np.uint32),
        "entry.pos": np.array([entry.pos for entry in entries], np.uint8),
        "entry.count": np.array([min(entry.count, MOST_COUNTED) for entry in entries], np.uint16),
        "entry.sense": _offsets(len(entry.senses) for entry in entries),
        "entry.inflection": np.array([_paradigm(entry, forms.ids) for entry in entries], np.uint32),
    }


def sense_columns(entries: Sequence[Entry], synsets: Sequence[Synset]) -> dict[str, Array]:
    """Return the columns of senses, in the order of entries, and of their synonyms."""
    numbers = {entry.key: number for number, entry in enumerate(entries)}
    senses = [sense for entry in entries for sense in entry.senses]
    synonyms = [_synonyms(sense, synsets[sense.synset], numbers) for sense in senses]
    return {
        "sense.size": np.array([*map(len, synonyms)], np.uint8),
        "synonym.entry": np.array([entry for group in synonyms for entry in group], np.uint32),
    }


def _synonyms(sense: Sense, synset: Synset, numbers: Mapping[Key, int]) -> list[int]:
    return [numbers[word.lemma, synset.pos] for word in synset.words if word != sense.word]


def _paradigm(entry: Entry, ids: Mapping[str, int]) -> list[int]:
    slots = [ids[entry.forms[slot][0]] if slot in entry.forms else NOTHING for slot in SLOTS[entry.pos]]
    return slots + [NOTHING] * (5 - len(slots))


def _offsets(lengths: Iterable[int]) -> Array:
    return np.array([0, *accumulate(lengths)], np.uint32)
