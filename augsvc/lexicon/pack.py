"""`Lexicon`: a pack opened for reading, for kernels as bare tables and for people as words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from augsvc.errors import InvalidInput
from augsvc.lexicon.index import candidates as probe
from augsvc.lexicon.tensors import Array, read_tensors
from augsvc.types import (
    NOTHING,
    SLOTS,
    TAGS,
    ZIPF_UNIT,
    Articles,
    CharClass,
    FormFlag,
    JsonObject,
    PackTables,
    Pos,
    Register,
)

if TYPE_CHECKING:
    from augsvc.lexicon.thesaurus import Paths, Row
    from augsvc.rulecode import Glances

PACK_VERSION = 6
"""The layout that this code reads; a pack of another layout is refused."""

COLUMNS = tuple(name.replace("_", ".", 1) for name in PackTables._fields)
"""The tensors of PackTables, by their names in a pack."""

POS_OF = {tag: pos for pos, tags in SLOTS.items() for tag in tags}
"""The part of speech that an inflection slot implies."""

BASE = {"VBP": "VB"}
"""Tags that share the form of a slot."""

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
    register: Register


class RuleSet(NamedTuple):
    """An operation's rewrite rules: where they are in the pack's code, and the variants, whose numbers they carry."""

    code: int
    variants: tuple[str, ...]


class _Views(NamedTuple):
    """Columns that look-ups of words read, as bare memory: an element costs a tenth of what NumPy's does."""

    text_blob: memoryview
    form_offset: memoryview
    index_slot: memoryview
    unicode_page: memoryview
    unicode_fold: memoryview


class Lexicon:
    """An immutable pack, memory-mapped: opening costs milliseconds, and processes share its pages.

    `tensors` are its columns by name; `digest` is the SHA-256 of the content, on which all output depends; `overlay`
    holds the users' rows that are laid over the pack.
    """

    def __init__(
        self, path: Path, metadata: JsonObject, tensors: Mapping[str, Array], overlay: tuple[Row, ...] = ()
    ) -> None:
        if missing := [name for name in COLUMNS if name not in tensors]:
            raise InvalidInput(f"{path} lacks the column {missing[0]}; build it again.")
        self.path = path
        self.overlay = overlay
        self.metadata = metadata
        self.digest: str = metadata["digest"]
        self.language: str = metadata["language"]
        self.tensors = tensors

    @classmethod
    def open(cls, path: Path | None = None, overlay: Paths | None = None) -> Lexicon:
        """Open a pack, by default the English one that ships with the package, with users' synonyms laid over it.

        Args:
            path: the pack.
            overlay: a file, or several of which later ones win, of tab-separated lemma, part of speech, synonym and
                weight; docs/overlays.md describes them. They change the digest, as far as their content differs.

        Raises:
            InvalidInput: no pack there, or one of another layout; an overlay that cannot be read or has a bad line.
        """
        pack = cls._of_file(path)
        if not overlay:
            return pack
        from augsvc.lexicon.thesaurus import read_rows

        return pack.with_rows(read_rows(overlay, pack))

    @classmethod
    def _of_file(cls, path: Path | None) -> Lexicon:
        path = Path(path or packaged())
        metadata, tensors = read_tensors(path)
        document = _document_of(metadata)
        if document is None:
            raise InvalidInput(f"{path} is not a lexicon pack of version {PACK_VERSION}; build it again.")
        return cls(path, document, tensors)

    @cached_property
    def tables(self) -> PackTables:
        """What kernels read."""
        return PackTables(*(self.tensors[name] for name in COLUMNS))

    def with_rows(self, rows: tuple[Row, ...]) -> Lexicon:
        """Return this pack with rows laid over it: itself if there are none."""
        if not rows:
            return self
        from augsvc.lexicon.overlay import laid_over
        from augsvc.lexicon.thesaurus import digest_of_rows

        origin = {"digest": digest_of_rows(self.digest, rows), "overlay": {"pack": self.digest, "rows": len(rows)}}
        return Lexicon(self.path, self.metadata | origin, laid_over(self, rows), rows)

    def __reduce__(self) -> tuple[Callable[..., Lexicon], tuple[Path, tuple[Row, ...]]]:
        """Pickle as path and rows: another process maps the file again, and needs no overlay file."""
        return _reopened, (self.path, self.overlay)

    def fold(self, text: str) -> str:
        """Return the text as look-ups spell it: simple lower case by the pack's tables, and ' for the right quote."""
        page, delta = self._views.unicode_page, self._views.unicode_fold
        points = map(ord, text.translate(APOSTROPHES))
        return "".join([chr(point + delta[page[point >> 7] << 7 | point & 127]) for point in points])

    def char_class(self, character: str) -> CharClass:
        """Return the class of a character by the pack's tables."""
        point = ord(character)
        return CharClass(int(self.tables.unicode_class[int(self.tables.unicode_page[point >> 7]) << 7 | point & 127]))

    def form_id(self, word: str) -> int | None:
        """Return the id of the form that `word` folds to, or None."""
        return self.find(self.fold(word))

    def find(self, folded: str) -> int | None:
        """Return the id of the form that is spelt like this folded text, or None."""
        return next((form for form in probe(folded, self._views.index_slot) if self.text(form) == folded), None)

    @cached_property
    def _views(self) -> _Views:
        return _Views(*(getattr(self.tables, name).data for name in _Views._fields))

    @cached_property
    def rules(self) -> dict[str, RuleSet]:
        """The operations that the pack has rewrite rules for."""
        operations = self._grammar.get("operations", {})
        return {name: RuleSet(found["code"], tuple(found["variants"])) for name, found in operations.items()}

    @cached_property
    def glances(self) -> Callable[[tuple[int, ...]], Glances]:
        """What glances tell of the patterns of operations, by where their entries in the pack's code are."""
        from augsvc.lexicon.glances import glances_of

        return lru_cache(maxsize=32)(partial(glances_of, tables=self.tables))

    @cached_property
    def _grammar(self) -> JsonObject:
        found: JsonObject = json.loads(self.tensors["rule.names"].tobytes() or b"{}")
        return found

    @cached_property
    def articles(self) -> Articles:
        """The forms of the indefinite article."""
        forms = [self.form_id(article) for article in self._grammar.get("articles", ())]
        return Articles(*(-1 if form is None else form for form in forms or (None, None)))

    def text(self, form: int) -> str:
        """Return a form's text."""
        offset = self._views.form_offset
        return str(self._views.text_blob[offset[form] : offset[form + 1]], "utf-8")

    def flags(self, form: int) -> FormFlag:
        """Return a form's flags."""
        return FormFlag(int(self.tables.form_flags[form]))

    def zipf(self, form: int) -> float:
        """Return a form's frequency on the Zipf scale, log10 of occurrences per billion words; 0 if never seen."""
        return int(self.tables.form_zipf[form]) / ZIPF_UNIT

    def readings(self, word: str) -> list[Reading]:
        """Return the readings of a word, those with users' synonyms and then the most frequent use first.

        There are none for a word that is not in the pack.
        """
        form = self.form_id(word)
        return [] if form is None else [self._reading(number) for number in _range(self.tables.form_reading, form)]

    def _reading(self, number: int) -> Reading:
        entry = int(self.tables.reading_entry[number])
        pos = Pos(int(self.tensors["entry.pos"][entry]))
        slot = TAGS[int(self.tables.reading_head[number]) & 255]
        return Reading(self._lemma(entry), pos, slot, int(self.tensors["entry.count"][entry]), number)

    def candidates(self, word: str, reading: int = 0) -> list[Candidate]:
        """Return what may stand in for the `reading`-th reading of a word: senses in order, then falling weight."""
        from augsvc.lexicon.candidates import CandidateColumns

        found = self.readings(word)
        if reading >= len(found):
            return []
        number = found[reading].number
        first, last = (self.tables.reading_head[number : number + 2] >> 8).tolist()
        columns = CandidateColumns.unpacked(self.tables.candidate_word[first:last])
        return [
            Candidate(self.text(form), sense, weight, Register(register))
            for form, _, sense, register, weight in zip(*(column.tolist() for column in columns), strict=True)
        ]

    def synonyms(self, lemma: str, pos: Pos) -> list[list[str]]:
        """Return the lemmas beside `lemma` in each of its senses, the most frequent sense first; none are left out."""
        entry = self._entries.get((self.form_id(lemma), pos))
        if entry is None:
            return []
        spans, members = self._synonyms, self.tensors["synonym.entry"]
        return [
            [self._lemma(int(members[row])) for row in _range(spans, sense)]
            for sense in _range(self.tensors["entry.sense"], entry)
        ]

    def inflect(self, lemma: str, tag: str) -> str | None:
        """Return the form of a lemma for a Penn tag, which implies the part of speech; None where it has none.

        `lemma in lemmas(inflect(lemma, tag), tag)`. VBP is read as VB.
        """
        slot = BASE.get(tag, tag)
        pos = POS_OF.get(slot)
        entry = None if pos is None else self._entries.get((self.form_id(lemma), pos))
        if entry is None or pos is None:
            return None
        form = int(self.tensors["entry.inflection"][entry, SLOTS[pos].index(slot)])
        return None if form == NOTHING else self.text(form)

    def lemmas(self, form: str, tag: str) -> list[str]:
        """Return the lemmas that a form may be of as a Penn tag, the most frequent first."""
        return [reading.lemma for reading in self.readings(form) if reading.slot == BASE.get(tag, tag)]

    def _lemma(self, entry: int) -> str:
        return self.text(int(self.tensors["entry.form"][entry]))

    @cached_property
    def _synonyms(self) -> list[int]:
        """Where the synonyms of each sense begin."""
        return [*accumulate(self.tensors["sense.size"].tolist(), initial=0)]

    @cached_property
    def _entries(self) -> dict[tuple[int | None, Pos], int]:
        # On first use: only people and the builder's tests ask by lemma, kernels never do.
        forms, parts = self.tensors["entry.form"].tolist(), self.tensors["entry.pos"].tolist()
        return {(form, Pos(pos)): entry for entry, (form, pos) in enumerate(zip(forms, parts, strict=True))}


def packaged() -> Path:
    """Return the path of the English pack that ships with the package."""
    import wordnet_data

    return wordnet_data.PACK


def _document_of(metadata: Mapping[str, str]) -> JsonObject | None:
    """Return what a file says of itself, None unless it is a pack of this version."""
    try:
        document: JsonObject = json.loads(metadata["augsvc"])
        texts = [document[name] for name in ("digest", "language")]
        known = document["pack_version"] == PACK_VERSION and all(isinstance(text, str) for text in texts)
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    return document if known else None


def _reopened(path: Path, rows: tuple[Row, ...]) -> Lexicon:
    return Lexicon.open(path).with_rows(rows)


def _range(offsets: Array | Sequence[int], row: int) -> range:
    return range(int(offsets[row]), int(offsets[row + 1]))
