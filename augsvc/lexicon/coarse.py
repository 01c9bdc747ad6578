"""Universal parts of speech from Penn tags, by a table that the builder learnt.

The tag alone tells most; some words decide (that, to, be), and some of those by what follows (have, before).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from augsvc.lexicon.index import hash_of
from augsvc.lexicon.pack import Lexicon

UPOS = (
    *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ"),
    *("SYM", "VERB", "X"),
)
"""The tags of Universal Dependencies; a tag's number in the pack is its index here."""

FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
PASSED = frozenset({"RB", "PRP", "UH"})
"""Tags that may stand between an auxiliary and its verb."""
CLOSING = frozenset({".", ",", ":", "IN", "WDT", "WP", "WRB", "CC", "-RRB-"})
"""Tags at which the clause that a conjunction opens has ended, or another begins."""

AHEAD = 8
"""How many tags ahead are read at most."""


def context(tags: Sequence[str], at: int) -> str:
    """Return what a word stands in: the first tag after it that matters, whether a finite verb comes in its clause, and
    whether it follows an existential there.
    """
    ahead = tags[at + 1 : at + 1 + AHEAD]
    after = next((tag for tag in ahead if tag not in PASSED), "")
    clause = next((tag for tag in ahead if tag in FINITE or tag in CLOSING), "")
    return f"{after} {clause in FINITE:d} {at > 0 and tags[at - 1] == 'EX':d}"


def keys(word: str, tags: Sequence[str], at: int) -> Iterator[str]:
    """Yield the keys of the table for a folded word with its tag, the most particular first."""
    yield f"{tags[at]} {word} {context(tags, at)}"
    yield f"{tags[at]} {word}"
    yield tags[at]


class Coarse:
    """The table of a pack: hashes of keys -> numbers of tags."""

    def __init__(self, table: Mapping[int, int], fold: Callable[[str], str]) -> None:
        self._table = table
        self._fold = fold

    @classmethod
    def of(cls, lexicon: Lexicon) -> Coarse:
        """Return a pack's table."""
        names, tags = lexicon.tensors["upos.key"].tolist(), lexicon.tensors["upos.tag"].tolist()
        return cls(dict(zip(names, tags, strict=True)), lexicon.fold)

    def tags(self, words: Sequence[str], tags: Sequence[str]) -> list[str]:
        """Return the coarse tags of a sentence; X where the table knows nothing."""
        return [self._tag(self._fold(word), tags, at) for at, word in enumerate(words)]

    def _tag(self, word: str, tags: Sequence[str], at: int) -> str:
        hashes = map(hash_of, keys(word, tags, at))
        return UPOS[next((self._table[h] for h in hashes if h in self._table), UPOS.index("X"))]


def columns_of(table: Mapping[str, int]) -> tuple[Sequence[int], Sequence[int]]:
    """Return (hashes, numbers) of a table of keys, by rising hash."""
    rows = sorted((hash_of(key), tag) for key, tag in table.items())
    return [h for h, _ in rows], [tag for _, tag in rows]
