"""Tags for words that somebody else has cut: those of treebanks, which split and join otherwise than our scanner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from augsvc.batch import TextBatch, TokenBatch, empty_tokens
from augsvc.kernels.gold import read_tokens
from augsvc.kernels.tag import tag
from augsvc.lexicon.coarse import Coarse
from augsvc.lexicon.pack import Lexicon
from augsvc.types import TAGS, Bytes, PackTables, TokenColumns


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences as rows of tokens, over the bytes of their words one after another."""

    data: Bytes
    columns: TokenColumns

    @classmethod
    def read(cls, sentences: Sequence[Sequence[str]], tables: PackTables) -> Words:
        """Lay sentences out, their words looked up and described as the scanner would.

        Raises:
            InvalidText: a word is not valid Unicode.
        """
        texts = TextBatch.from_strings([word for words in sentences for word in words])
        pieces = TokenBatch.scan(texts, tables).columns
        columns = empty_tokens(len(sentences), len(texts))
        columns.first[0] = 0
        np.cumsum([len(words) for words in sentences], out=columns.first[1:])
        read_tokens(texts.data, texts.offsets, pieces, tables, columns)
        return cls(texts.data, columns)


def tag_words(sentences: Sequence[Sequence[str]], lexicon: Lexicon) -> list[tuple[list[str], list[str]]]:
    """Return (UPOS, XPOS) of the words of each sentence.

    Raises:
        InvalidText: a word is not valid Unicode.
    """
    words = Words.read(sentences, lexicon.tables)
    tag(words.data, words.columns, lexicon.tables)
    coarse = Coarse.of(lexicon)
    found = zip(sentences, _rows(words.columns), strict=True)
    return [(coarse.tags(written, fine), fine) for written, fine in found]


def _rows(columns: TokenColumns) -> Iterator[list[str]]:
    tags = [TAGS[number] for number in columns.tag.tolist()]
    for start, stop in zip(columns.first[:-1].tolist(), columns.first[1:].tolist(), strict=True):
        yield tags[start:stop]
