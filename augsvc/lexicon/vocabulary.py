"""The entries and forms of a pack by what they are called, and those that users' rows add to them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from augsvc.lexicon.phrases import split
from augsvc.lexicon.spelling import regular, without_prefix
from augsvc.lexicon.tensors import Array
from augsvc.types import NOTHING, SLOTS, Pos

if TYPE_CHECKING:
    from augsvc.lexicon.pack import Lexicon


class Entry(NamedTuple):
    """A lemma as a part of speech: its number in the pack's entry columns, the lemma's form, and forms by slot."""

    number: int
    lemma: int
    forms: dict[str, int]


class Lookup:
    """The rows of a column by their value: one sort, then a binary search each."""

    def __init__(self, column: Array) -> None:
        order = np.argsort(column, kind="stable")
        # As bare memory: an element costs a tenth of what NumPy's does.
        self._order, self._sorted = order.data, column[order].data

    def rows(self, value: int) -> list[int]:
        """Return the rows that hold `value`, in their order."""
        start = bisect_left(self._sorted, value)
        return self._order[start : bisect_right(self._sorted, value, start)].tolist()


class Vocabulary:
    """A pack's forms and entries; new ones are numbered on from the pack's last, in the order they are asked for."""

    def __init__(self, pack: Lexicon) -> None:
        self.forms: dict[str, int] = {}
        self.entries: dict[tuple[str, Pos], Entry] = {}
        self._pack = pack
        self._known = Lookup(pack.tensors["entry.form"])
        self._of_pack = cache(self._entry_of_pack)
        self._first_form = len(pack.tables.form_flags)
        self._first_entry = len(pack.tensors["entry.form"])

    def form(self, text: str) -> int:
        """Return the id of a folded text, adding it where it is new."""
        known = self._pack.find(text)
        return self.forms.setdefault(text, self._first_form + len(self.forms)) if known is None else known

    def entry(self, lemma: str, pos: Pos) -> Entry:
        """Return an entry, adding it with its inflected forms where it is new."""
        found = self.find(lemma, pos)
        if found is None:
            forms = {slot: self.form(text) for slot, text in self.inflected(lemma, pos).items()}
            found = self.entries[lemma, pos] = Entry(self._first_entry + len(self.entries), self.form(lemma), forms)
        return found

    def find(self, lemma: str, pos: Pos) -> Entry | None:
        """Return the entry of a folded lemma, or None."""
        return self._of_pack(lemma, pos) or self.entries.get((lemma, pos))

    def lemma_behind(self, word: str, pos: Pos) -> str | None:
        """Return the lemma of which a folded word is but an inflected form, or None where it is a lemma or new."""
        if self._of_pack(word, pos) is not None:
            return None
        return next((reading.lemma for reading in self._pack.readings(word) if reading.pos is pos), None)

    def inflected(self, lemma: str, pos: Pos) -> dict[str, str]:
        """Return the forms of a lemma that the pack lacks: its head's, as the pack has them, else by the rules."""
        before, head, after = self._split(lemma, pos)
        # Of the pack alone: if rows were asked too, a row's forms would depend on what else the files say.
        known = self._of_pack(head, pos)
        texts = {slot: self._pack.text(form) for slot, form in known.forms.items()} if known else regular(head, pos)
        return {slot: f"{before}{text}{after}" for slot, text in texts.items()}

    def _entry_of_pack(self, lemma: str, pos: Pos) -> Entry | None:
        form, tensors = self._pack.find(lemma), self._pack.tensors
        if form is None:
            return None
        for number in self._known.rows(form):
            if int(tensors["entry.pos"][number]) == pos:  # NumPy's own comparison with an enum is slow
                ids = zip(SLOTS[pos], tensors["entry.inflection"][number].tolist(), strict=False)
                return Entry(number, form, {slot: form for slot, form in ids if form != NOTHING})
        return None

    def _split(self, lemma: str, pos: Pos) -> tuple[str, str, str]:
        if pos in {Pos.NOUN, Pos.VERB} and (" " in lemma or "-" in lemma):
            words = lemma.replace("-", " ").split(" ")
            return split(lemma, pos, frozenset(word for word in words if self._of_pack(word, Pos.VERB)))
        stem = without_prefix(lemma) if pos is Pos.VERB else None
        if stem and self._of_pack(stem, pos):
            return lemma.removesuffix(stem), stem, ""
        return "", lemma, ""
