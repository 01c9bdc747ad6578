"""Users' own synonyms: tab-separated files of lemma, part of speech, synonym and weight, read as one canonical list."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from augsvc.errors import InvalidInput
from augsvc.lexicon.vocabulary import Vocabulary
from augsvc.types import CharClass, Pos

if TYPE_CHECKING:
    from augsvc.lexicon.pack import Lexicon

OVERLAY_VERSION = 2
"""Changes whenever the same rows over the same pack give other candidates, readings or tags."""

UNIT = 1_000
"""Weights are counted in thousandths: digests and candidates are made of integers."""

MAX_WEIGHT = 1_000
MAX_LENGTH = 100
"""Most characters of a word or phrase."""

PARTS = {"noun": Pos.NOUN, "n": Pos.NOUN, "verb": Pos.VERB, "v": Pos.VERB} | {
    "adj": Pos.ADJ, "a": Pos.ADJ, "adv": Pos.ADV, "r": Pos.ADV,
}  # fmt: skip
"""Parts of speech as a file may name them; the letters are WordNet's."""

Paths: TypeAlias = "str | os.PathLike[str] | Sequence[str | os.PathLike[str]]"
"""One overlay file, or several of which later ones win."""

_WEIGHT = re.compile(r"[0-9]{1,7}(\.[0-9]*)?|\.[0-9]+")
_PUNCTUATION = frozenset(" -'./&")
_LETTERS = frozenset({CharClass.LOWER, CharClass.UPPER, CharClass.UNSEGMENTED})
_PARTS_OF_WORDS = _LETTERS | {CharClass.MARK, CharClass.DIGIT}


class Row(NamedTuple):
    """A synonym of a lemma, both folded; `weight` in thousandths, 0 where the synonym is never to be proposed."""

    lemma: str
    pos: Pos
    synonym: str
    weight: int


def read_rows(paths: Paths, pack: Lexicon) -> tuple[Row, ...]:
    """Return the rows of overlay files, folded by the pack's tables and sorted; of equals the last read wins.

    Raises:
        InvalidInput: a file cannot be read, or a line is no row; the sentence names both.
    """
    several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    # Later rows overwrite earlier ones, so that neither comments, file names nor the order of lines show in the digest.
    reader = _Reader(pack, Vocabulary(pack), cache(pack.char_class))
    rows = {(row.lemma, row.pos, row.synonym): row for path in several for row in reader.rows(Path(path))}
    return tuple(rows[key] for key in sorted(rows))


def digest_of_rows(pack_digest: str, rows: Iterable[Row]) -> str:
    """Return the SHA-256, in hex, over a pack's digest and the rows laid over it."""
    digest = hashlib.sha256(f"{pack_digest}\toverlay {OVERLAY_VERSION}\n".encode())
    for row in rows:
        digest.update(f"{row.lemma}\t{row.pos:d}\t{row.synonym}\t{row.weight}\n".encode())
    return digest.hexdigest()


class _Reader(NamedTuple):
    """What tells whether a line is a row."""

    pack: Lexicon
    vocabulary: Vocabulary
    char_class: Callable[[str], CharClass]

    def rows(self, path: Path) -> Iterator[Row]:
        """Yield the rows of a file; raises InvalidInput with file and line."""
        try:
            lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
        except OSError as error:
            raise InvalidInput(f"The overlay {path} cannot be read: {error.strerror}.") from None
        for number, line in enumerate(lines, 1):
            try:
                text = line.decode().strip(" \r")
                if text.strip() and not text.startswith("#"):
                    yield self.row(text)
            except UnicodeDecodeError:
                raise InvalidInput(f"{path}, line {number}: not UTF-8; save the overlay as UTF-8.") from None
            except ValueError as error:
                raise InvalidInput(f"{path}, line {number}: {error}.") from None

    def row(self, line: str) -> Row:
        """Read a line; raises ValueError, saying what is wrong with it."""
        cells = [cell.strip() for cell in line.split("\t")]
        if not 3 <= len(cells) <= 4:
            raise ValueError(
                f"lemma, part of speech, synonym, weight: 3 or 4 cells with tabs between, not {len(cells)}"
            )
        pos = PARTS.get(cells[1])
        if pos is None:
            raise ValueError(f"{cells[1]!r} is no part of speech: write noun, verb, adj or adv")
        lemma, synonym = self.word(cells[0], "lemma", pos), self.word(cells[2], "synonym", pos)
        if lemma == synonym:
            raise ValueError(f"{lemma!r} is the lemma itself: name another synonym")
        weight = "".join(cells[3:])
        return Row(lemma, pos, synonym, _weight(weight) if weight else UNIT)

    def word(self, cell: str, name: str, pos: Pos) -> str:
        """Return a word folded; raises ValueError for what is none or but an inflected form."""
        folded = " ".join(filter(None, self.pack.fold(cell).split(" ")))
        if not 1 <= len(folded) <= MAX_LENGTH:
            raise ValueError(f"the {name} is {'empty' if not folded else 'too long'}: 1 to {MAX_LENGTH} characters")
        kinds = {self.char_class(character) for character in set(folded) - _PUNCTUATION}
        if kinds - _PARTS_OF_WORDS or kinds.isdisjoint(_LETTERS):
            raise ValueError(f"the {name} {cell!r} is no word: use letters, digits, spaces and any of - ' . / &")
        if lemma := self.vocabulary.lemma_behind(folded, pos):
            raise ValueError(f"{folded!r} is a form of the {pos.name.lower()} {lemma!r}: write that")
        return folded


def _weight(cell: str) -> int:
    units = round(Decimal(cell) * UNIT) if _WEIGHT.fullmatch(cell) else -1
    # A weight too small for a thousandth would silently become a removal.
    if not 0 <= units <= MAX_WEIGHT * UNIT or (units == 0 and Decimal(cell) != 0):
        raise ValueError(f"the weight {cell!r} is none: write 0 to remove the synonym, or 0.001 to {MAX_WEIGHT}")
    return units
