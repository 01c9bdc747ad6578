"""A pack small enough to reason about: a few words with their candidates, over the real pack's Unicode tables."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from augsvc.lexicon.candidates import masses
from augsvc.lexicon.index import filled, keys
from augsvc.lexicon.links import links
from augsvc.types import NOTHING, TAGS, CandidateBits, FormFlag, PackTables, Register


class Candidate(NamedTuple):
    """A word that may stand in for a reading."""

    form: str
    sense: int
    weight: int
    zipf: int = 128  # in units of 1/32
    register: Register = Register(0)


class Reading(NamedTuple):
    """A form as `tag`, with its candidates by their senses."""

    tag: str
    candidates: tuple[Candidate, ...] = ()


class Entry(NamedTuple):
    """A form: its flags, and its readings, the most frequent first."""

    flags: FormFlag = FormFlag(0)
    readings: tuple[Reading, ...] = ()


def read(tag: str, *candidates: tuple[Any, ...]) -> Reading:
    """Return a reading of candidates (form, sense, weight[, zipf[, register]])."""
    return Reading(tag, tuple(Candidate(*candidate) for candidate in candidates))


VOWEL, FUNCTION, NEGATION, NAME = FormFlag.VOWEL, FormFlag.FUNCTION, FormFlag.NEGATION, FormFlag.NAME

MINI_WORDS: dict[str, Entry] = {
    "a": Entry(FUNCTION | VOWEL),
    "an": Entry(FUNCTION | VOWEL),
    "the": Entry(FUNCTION),
    "not": Entry(FUNCTION | NEGATION),
    "n't": Entry(FUNCTION | NEGATION),
    "'s": Entry(FUNCTION),
    "dog": Entry(readings=(read("NN", ("hound", 0, 3), ("animal", 1, 1)), read("VB", ("pursue", 0, 9)))),
    "hound": Entry(readings=(read("NN", ("dog", 0, 5)),)),
    "animal": Entry(VOWEL, (read("NN", ("beast", 0, 1), ("creature", 0, 1), ("organism", 2, 6)),)),
    "old": Entry(VOWEL, (read("JJ", ("aged", 0, 2), ("former", 1, 7)),)),
    "big": Entry(readings=(read("JJ", ("large", 0, 1), ("enormous", 0, 1)),)),
    "rose": Entry(NAME, (read("VBD", ("ascended", 0, 1)), read("NN"))),
    "soul mate": Entry(),
    "friend": Entry(readings=(read("NN", ("ally", 0, 1), ("soul mate", 0, 1), ("crony", 1, 1)),)),
    "café": Entry(readings=(read("NN", ("coffee bar", 0, 1)),)),
    "idle": Entry(VOWEL, (read("JJ"),)),
    "boy": Entry(
        readings=(
            read(
                "NN",
                ("chum", 0, 1, 0, Register.INFORMAL | Register.USER),
                ("lad", 0, 2, 100),
                ("nipper", 0, 3, 90, Register.INFORMAL),
                ("youth", 0, 5, 160),
                ("cub", 1, 4, 120, Register.INFORMAL | Register.REGIONAL),
            ),
        )
    ),
    "large": Entry(),
    "enormous": Entry(VOWEL),
    "aged": Entry(VOWEL),
    "former": Entry(),
    "beast": Entry(),
    "creature": Entry(),
    "organism": Entry(VOWEL),
    "ascended": Entry(VOWEL),
    "ally": Entry(VOWEL),
    "crony": Entry(),
    "coffee bar": Entry(),
    "pursue": Entry(),
    "lad": Entry(),
    "nipper": Entry(),
    "youth": Entry(),
    "chum": Entry(),
    "cub": Entry(),
    "old boy": Entry(),
    "big old dog": Entry(),
    "dog's friend": Entry(),
    "boy-animal friend": Entry(),
    "café disulfide": Entry(),
    "the old animal friend": Entry(),
}


TICKETS = 6_000
"""What a weight of 1 comes to: small sums leave their words alone now and then, large ones never do."""


def mini_tables(words: Mapping[str, Entry], real: PackTables) -> PackTables:
    """Return a pack of `words`, with the Unicode tables of a real one, read-only like that."""
    ids = {word: number for number, word in enumerate(words)}
    readings = [reading for entry in words.values() for reading in entry.readings]
    candidates = [candidate for reading in readings for candidate in reading.candidates]
    encoded = [word.encode() for word in words]
    of_form, heads = _sums(len(entry.readings) for entry in words.values()), _heads(readings)
    packed = np.array([_word(candidate, ids) for candidate in candidates], np.uint64)
    columns: dict[str, Any] = {
        "text_blob": np.frombuffer(b"".join(encoded), np.uint8),
        "form_offset": _sums(map(len, encoded)),
        "form_key": keys(list(words)),
        "form_flags": np.array([_flags(word, entry) for word, entry in words.items()], np.uint16),
        "form_zipf": np.full(len(words), 128, np.uint8),
        "form_mass": masses(of_form, heads, packed),
        "form_reading": of_form,
        "reading_entry": np.zeros(len(readings), np.uint32),
        "reading_head": heads,
        "candidate_word": packed,
        "entry_inflection": np.full((1, 5), NOTHING, np.uint32),
        "relation_start": np.zeros(1, np.uint32),
        "relation_word": np.zeros(0, np.uint32),
        "rule_code": np.zeros(1, np.int64),
        "rule_text": np.zeros(1, np.uint8),
        "index_slot": filled(list(words)),
        "phrase_link": links(words),
    }
    for column in columns.values():
        column.setflags(write=False)
    return real._replace(**columns)


def _sums(sizes: Any) -> np.ndarray[Any, np.dtype[np.uint32]]:
    return np.array([0, *accumulate(sizes)], np.uint32)


def _flags(word: str, entry: Entry) -> FormFlag:
    tests = {
        FormFlag.REPLACEABLE: any(reading.candidates for reading in entry.readings),
        FormFlag.PHRASE: " " in word,
    }
    return entry.flags | FormFlag(sum(flag for flag, holds in tests.items() if holds))


def _heads(readings: list[Reading]) -> np.ndarray[Any, np.dtype[np.uint32]]:
    first = _sums(len(reading.candidates) for reading in readings)
    return first << 8 | np.array([*(TAGS.index(reading.tag) for reading in readings), 0], np.uint32)


def _word(candidate: Candidate, ids: Mapping[str, int]) -> int:
    fields = {
        CandidateBits.FORM: ids[candidate.form],
        CandidateBits.ZIPF: candidate.zipf,
        CandidateBits.SENSE: candidate.sense,
        CandidateBits.REGISTER: candidate.register,
        CandidateBits.WEIGHT: candidate.weight * TICKETS,
    }
    return sum(int(value) << place for place, value in fields.items())
