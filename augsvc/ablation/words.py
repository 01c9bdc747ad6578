"""Texts as rows of word numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

TOKEN = re.compile(r"\w+(?=n['’]t\b)|n['’]t\b|['’]\w+|[^\W\d_]+|\d+(?:[.,:]\d+)*|[^\w\s]|_")
"""Words as the Penn Treebank cuts them ("do", "n't"), without regard to case; a hyphenated word is its parts."""

PAD = 0
"""The number of what fills a row up."""


def words_of(text: str) -> list[str]:
    """Cut a text into words, in lower case."""
    return TOKEN.findall(text.lower().replace("’", "'"))


@dataclass(slots=True)
class Vocabulary:
    """Numbers for words, handed out from 1 in the order of first use; 0 fills rows up."""

    numbers: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many numbers there are, that for padding included."""
        return len(self.numbers) + 1

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def encode(self, texts: Iterable[str], longest: int) -> list[list[int]]:
        """Return the numbers of each text's first `longest` words; a text without any has one, its empty word."""
        return [[self._number(word) for word in words_of(text)[:longest] or [""]] for text in texts]

    def _number(self, word: str) -> int:
        return self.numbers.setdefault(word, len(self.numbers) + 1)


def padded(rows: Sequence[Sequence[int]], filling: int = PAD) -> tuple[Tensor, Tensor]:
    """Return rows as int64[N, T], filled up, and the mask bool[N, T] of what is no filling."""
    lengths = torch.tensor([len(row) for row in rows])
    tokens = nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=filling)
    return tokens, torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)
