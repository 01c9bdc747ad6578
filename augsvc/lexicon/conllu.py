"""CoNLL-U files by sentence, every line kept as it is (https://universaldependencies.org/format.html)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from augsvc.errors import InvalidInput

COLUMNS = 10
FORM, UPOS, XPOS = 1, 3, 4

_WORD = re.compile(r"[1-9][0-9]*")
_OTHER = re.compile(r"[1-9][0-9]*-[1-9][0-9]*|[0-9]+\.[1-9][0-9]*")
"""Ids of multiword tokens (2-3) and of empty nodes (2.1), which have no tags of their own."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The lines of a sentence, with its blank line if it had one, and which of them are words."""

    lines: tuple[str, ...]
    rows: tuple[int, ...]

    def column(self, number: int) -> list[str]:
        """Return a column of the words."""
        return [self.lines[row].split("\t")[number] for row in self.rows]

    @property
    def words(self) -> list[str]:
        """The words as they are written."""
        return self.column(FORM)

    def tagged(self, upos: Sequence[str], xpos: Sequence[str]) -> list[str]:
        """Return the lines with the words' UPOS and XPOS replaced."""
        lines = list(self.lines)
        for row, coarse, fine in zip(self.rows, upos, xpos, strict=True):
            columns = lines[row].split("\t")
            columns[UPOS], columns[XPOS] = coarse, fine
            lines[row] = "\t".join(columns)
        return lines


def parse(lines: Iterable[bytes]) -> Iterator[Sentence]:
    """Yield the sentences of a file's lines; comments and blank lines at its end come as a sentence without words.

    Raises:
        InvalidInput: a line is no line of CoNLL-U; the detail begins with its number.
    """
    kept: list[str] = []
    rows: list[int] = []
    for number, raw in enumerate(lines, 1):
        line = _decoded(raw, number)
        if _is_word(line, number):
            rows.append(len(kept))
        kept.append(line)
        if not line.strip():
            yield Sentence(tuple(kept), tuple(rows))
            kept, rows = [], []
    if kept:
        yield Sentence(tuple(kept), tuple(rows))


def read(paths: Iterable[Path]) -> list[Sentence]:
    """Return the sentences of several files; raises InvalidInput, naming the file, for what is no CoNLL-U."""
    found: list[Sentence] = []
    for path in paths:
        try:
            with path.open("rb") as stream:
                found += [sentence for sentence in parse(stream) if sentence.rows]
        except (OSError, InvalidInput) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise InvalidInput(f"{path} is no treebank: {reason}") from error
    return found


def _decoded(raw: bytes, number: int) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise InvalidInput(f"line {number} is not valid UTF-8: save the file as UTF-8") from None


def _is_word(line: str, number: int) -> bool:
    """Say whether a line is a word's, rather than a comment, blank, a multiword token or an empty node."""
    if not line.strip() or line.startswith("#"):
        return False
    columns = line.split("\t")
    if len(columns) != COLUMNS:
        raise InvalidInput(f"line {number} has {len(columns)} columns: CoNLL-U has {COLUMNS}, with tabs between")
    if _OTHER.fullmatch(columns[0]):
        return False
    if not _WORD.fullmatch(columns[0]):
        raise InvalidInput(f"line {number} begins with {columns[0]!r}: an id is a number such as 3, 3-4 or 3.1")
    if not columns[FORM]:
        raise InvalidInput(f"line {number} has no word in its second column: write it there")
    return True
