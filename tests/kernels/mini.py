"""A pack small enough to reason about: a few words with their candidates, over the real pack's Unicode tables."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from augsvc.kernels.match import fill_index
from augsvc.types import FormFlag, PackTables


class Entry(NamedTuple):
    """A form: its flags, and for each of its readings the candidates as (form, sense, weight)."""

    flags: FormFlag = FormFlag(0)
    readings: tuple[tuple[tuple[str, int, int], ...], ...] = ()


VOWEL, FUNCTION, NEGATION, NAME = FormFlag.VOWEL, FormFlag.FUNCTION, FormFlag.NEGATION, FormFlag.NAME

MINI_WORDS: dict[str, Entry] = {
    "a": Entry(FUNCTION | VOWEL),
    "an": Entry(FUNCTION | VOWEL),
    "the": Entry(FUNCTION),
    "not": Entry(FUNCTION | NEGATION),
    "n't": Entry(FUNCTION | NEGATION),
    "'s": Entry(FUNCTION),
    "dog": Entry(readings=((("hound", 0, 3), ("animal", 1, 1)), (("pursue", 0, 9),))),
    "hound": Entry(readings=((("dog", 0, 5),),)),
    "animal": Entry(VOWEL, ((("beast", 0, 1), ("creature", 0, 1), ("organism", 2, 6)),)),
    "old": Entry(VOWEL, ((("aged", 0, 2), ("former", 1, 7)),)),
    "big": Entry(readings=((("large", 0, 1), ("enormous", 0, 1)),)),
    "rose": Entry(NAME, ((("ascended", 0, 1),),)),
    "soul mate": Entry(),
    "friend": Entry(readings=((("ally", 0, 1), ("soul mate", 0, 1), ("crony", 1, 1)),)),
    "café": Entry(readings=((("coffee bar", 0, 1),),)),
    "idle": Entry(VOWEL, ((),)),
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
}


def mini_tables(words: Mapping[str, Entry], real: PackTables) -> PackTables:
    """Return a pack of `words`, with the Unicode tables of a real one, read-only like that."""
    ids = {word: number for number, word in enumerate(words)}
    readings = [reading for entry in words.values() for reading in entry.readings]
    candidates = [candidate for reading in readings for candidate in reading]
    encoded = [word.encode() for word in words]
    index = np.empty(1 << (2 * len(words) - 1).bit_length(), np.uint32)
    blob, offsets = np.frombuffer(b"".join(encoded), np.uint8), _sums(map(len, encoded))
    fill_index(blob, offsets, index)
    columns: dict[str, Any] = {
        "text_blob": blob,
        "form_offset": offsets,
        "form_flags": np.array([entry.flags for entry in words.values()], np.uint16),
        "form_reading": _sums(len(entry.readings) for entry in words.values()),
        "reading_entry": np.zeros(len(readings), np.uint32),
        "reading_slot": np.zeros(len(readings), np.uint8),
        "reading_candidate": _sums(map(len, readings)),
        "candidate_form": np.array([ids[form] for form, _, _ in candidates], np.uint32),
        "candidate_sense": np.array([sense for _, sense, _ in candidates], np.uint8),
        "candidate_cumulative": np.array(
            [total for reading in readings for total in accumulate(weight for _, _, weight in reading)], np.uint32
        ),
        "index_slot": index,
    }
    for column in columns.values():
        column.setflags(write=False)
    return real._replace(**columns)


def _sums(sizes: Any) -> np.ndarray[Any, np.dtype[np.uint32]]:
    return np.array([0, *accumulate(sizes)], np.uint32)
