"""`Lexicon`: a pack opened for reading, for kernels as bare tables and for people as words."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from augsvc.errors import InvalidInput
from augsvc.lexicon.index import candidates as probe
from augsvc.lexicon.tensors import Array, read_tensors
from augsvc.types import NOTHING, SLOTS, FormFlag, JsonObject, PackTables, Pos

PACK_VERSION = 1
"""The layout that this code reads; a pack of another layout is refused."""

APOSTROPHES = str.maketrans({"\u2019": "'"})


class Reading(NamedTuple):
    """One way to read a form: as the `slot` (a Penn tag) of a lemma of a part of speech with a tag count."""

    lemma: str
    pos: Pos
    slot: str
    tag_count: int  # of the lemma as that part of speech
    number: int  # row of the pack's reading columns


class Candidate(NamedTuple):
    """A word that may stand in for a reading, in its inflection: sense rank from 0, weight at least 1."""

    text: str
    sense: int
    weight: int


class Lexicon:
    """An immutable pack, memory-mapped: opening costs milliseconds, and processes share its pages.

    `tables` is what kernels read; `digest` is the SHA-256 of the content, on which all output depends.
    """

    def __init__(self, path: Path, metadata: JsonObject, tensors: dict[str, Array]) -> None:
        self.path = path
        self.metadata = metadata
        self.digest: str = metadata["digest"]
        self.language: str = metadata["language"]
        self.tensors = tensors
        self.tables = PackTables(*(tensors[name.replace("_", ".", 1)] for name in PackTables._fields))

    @classmethod
    def open(cls, path: Path | None = None) -> Lexicon:
        """Open a pack; by default the English one that ships with the package.

        Raises:
            InvalidInput: no pack there, or one of another layout.
        """
        path = path or packaged()
        metadata, tensors = read_tensors(path)
        document: JsonObject = json.loads(metadata.get("augsvc", "{}"))
        if document.get("pack_version") != PACK_VERSION:
            raise InvalidInput(f"{path} is not a lexicon pack of version {PACK_VERSION}; build it again.")
        return cls(path, document, tensors)

    def __reduce__(self) -> tuple[Callable[[Path], Lexicon], tuple[Path]]:
        """Pickle as the path: another process maps the file again."""
        return Lexicon.open, (self.path,)

    def fold(self, text: str) -> str:
        """Return the text as look-ups spell it: simple lower case by the pack's tables, and ' for the right quote."""
        page, delta = self.tables.unicode_page, self.tables.unicode_fold
        points = map(ord, text.translate(APOSTROPHES))
        return "".join(chr(point + int(delta[int(page[point >> 7]) << 7 | point & 127])) for point in points)

    def form_id(self, word: str) -> int | None:
        """Return the id of the form that `word` folds to, or None."""
        folded = self.fold(word)
        return next((form for form in probe(folded, self.tables.index_slot) if self.text(form) == folded), None)

    def text(self, form: int) -> str:
        """Return a form's text."""
        start, end = self.tables.form_offset[form : form + 2]
        return self.tables.text_blob[start:end].tobytes().decode()

    def flags(self, form: int) -> FormFlag:
        """Return a form's flags."""
        return FormFlag(int(self.tables.form_flags[form]))

    def readings(self, word: str) -> list[Reading]:
        """Return the readings of a word, the most frequent use first; none for a word that is not in the pack."""
        form = self.form_id(word)
        return [] if form is None else [self._reading(number) for number in _range(self.tables.form_reading, form)]

    def _reading(self, number: int) -> Reading:
        entry = int(self.tables.reading_entry[number])
        pos = Pos(int(self.tensors["entry.pos"][entry]))
        slot = SLOTS[pos][int(self.tables.reading_slot[number])]
        return Reading(self._lemma(entry), pos, slot, int(self.tensors["entry.count"][entry]), number)

    def candidates(self, word: str, reading: int = 0) -> list[Candidate]:
        """Return what may stand in for the `reading`-th reading of a word: senses in order, then falling weight."""
        found = self.readings(word)
        if reading >= len(found):
            return []
        rows = _range(self.tables.reading_candidate, found[reading].number)
        sums = [0, *self.tables.candidate_cumulative[rows.start : rows.stop].tolist()]
        forms, senses = self.tables.candidate_form, self.tables.candidate_sense
        return [
            Candidate(self.text(int(forms[row])), int(senses[row]), after - before)
            for row, before, after in zip(rows, sums, sums[1:], strict=False)
        ]

    def synonyms(self, lemma: str, pos: Pos) -> list[list[str]]:
        """Return the lemmas beside `lemma` in each of its senses, the most frequent sense first; none are left out."""
        entry = self._entries.get((self.form_id(lemma), pos))
        if entry is None:
            return []
        spans, members = self.tensors["sense.synonym"], self.tensors["synonym.entry"]
        return [
            [self._lemma(int(members[row])) for row in _range(spans, sense)]
            for sense in _range(self.tensors["entry.sense"], entry)
        ]

    def inflect(self, lemma: str, pos: Pos, slot: str) -> str | None:
        """Return the form of a lemma for a slot named by its Penn tag, or None where it has none."""
        entry = self._entries.get((self.form_id(lemma), pos))
        if entry is None or slot not in SLOTS[pos]:
            return None
        form = int(self.tensors["entry.inflection"][entry, SLOTS[pos].index(slot)])
        return None if form == NOTHING else self.text(form)

    def _lemma(self, entry: int) -> str:
        return self.text(int(self.tensors["entry.form"][entry]))

    @cached_property
    def _entries(self) -> dict[tuple[int | None, Pos], int]:
        # On first use: only people and the builder's tests ask by lemma, kernels never do.
        forms, parts = self.tensors["entry.form"].tolist(), self.tensors["entry.pos"].tolist()
        return {(form, Pos(pos)): entry for entry, (form, pos) in enumerate(zip(forms, parts, strict=True))}


def packaged() -> Path:
    """Return the path of the English pack that ships with the package."""
    import wordnet_data

    return wordnet_data.PACK


def _range(offsets: Array, row: int) -> range:
    return range(int(offsets[row]), int(offsets[row + 1]))
