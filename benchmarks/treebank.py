"""Sentences of a Universal Dependencies treebank with their gold tags, as places in the running text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Token(NamedTuple):
    """A word of the treebank: text[start:end], and its Penn tag."""

    start: int
    end: int
    form: str
    tag: str


class Sentence(NamedTuple):
    """A sentence as it was written, and its words in order."""

    text: str
    tokens: tuple[Token, ...]

    def tags(self, start: int, end: int) -> list[str]:
        """Return the tags of the words that [start, end) touches."""
        return [token.tag for token in self.tokens if token.start < end and start < token.end]

    def tag(self, start: int, end: int) -> str | None:
        """Return the tag of the word at exactly [start, end), or None where no word has these bounds."""
        return next((token.tag for token in self.tokens if (token.start, token.end) == (start, end)), None)


def read_treebank(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file (https://universaldependencies.org/format.html) in its order."""
    for block in path.read_text("utf-8").split("\n\n"):
        lines = block.splitlines()
        text = next((line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")), None)
        if text is not None:
            yield Sentence(text, tuple(_tokens(text, lines)))


def _tokens(text: str, lines: list[str]) -> Iterator[Token]:
    end = 0
    for line in lines:
        number, _, rest = line.partition("\t")
        # ranges and empty nodes are no words of the text
        if number.isdigit():
            form, _, _, tag = rest.split("\t")[:4]
            start = text.index(form, end)
            end = start + len(form)
            yield Token(start, end, form, tag)
