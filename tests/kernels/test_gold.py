"""Words cut by others, read as the scanner reads them."""

from __future__ import annotations

import pytest

from augsvc.lexicon.tagging import Words
from augsvc.types import PackTables, TokenFlag, TokenKind

from .plain import Token, scan, tokens_of
from .twin_match import Unicode


def read(words: list[str], tables: PackTables) -> list[Token]:
    return tokens_of(Words.read([words], tables).columns)[0]


def test_tokens_of_running_text_are_what_they_are_when_read_alone(sentences: list[str], tables: PackTables) -> None:
    for text in sentences[:300]:
        batch = scan([text], tables)
        raw, tokens = batch.texts.data.tobytes(), tokens_of(batch.columns)[0]
        alone = read([raw[token.start : token.end].decode() for token in tokens], tables)
        assert [(t.kind, t.hash, t.form) for t in alone] == [(t.kind, t.hash, t.form) for t in tokens]


@pytest.mark.parametrize(
    ("word", "kind", "flags"),
    [
        ("Mr.", TokenKind.WORD, TokenFlag.TITLE),
        ("and/or", TokenKind.WORD, 0),
        ("'S", TokenKind.WORD, TokenFlag.TITLE | TokenFlag.CLITIC),
        ("’ll", TokenKind.WORD, TokenFlag.CLITIC | TokenFlag.WIDE),
        ("...", TokenKind.PUNCT, 0),
        ("10,000", TokenKind.NUMBER, 0),
        ("http://x.org", TokenKind.URL, 0),
        (" ", TokenKind.OTHER, 0),
    ],
)
def test_a_word_of_several_pieces_is_a_word(word: str, kind: TokenKind, flags: int, tables: PackTables) -> None:
    token = read(["x", word], tables)[1]
    assert (token.kind, token.flags) == (kind, flags)


def test_the_first_word_of_each_row_begins_a_sentence(tables: PackTables) -> None:
    rows = tokens_of(Words.read([['"', "Yes", "No"], [], ["A"]], tables).columns)
    assert [[token.flags & TokenFlag.FIRST for token in row] for row in rows] == [[0, 1, 0], [], [1]]


def test_words_are_looked_up_whole(tables: PackTables, form_ids: dict[str, int], unicode: Unicode) -> None:
    words = ["Dogs", "can", "not", "cannot", "don’t", "qqqz"]
    assert [token.form for token in read(words, tables)] == [form_ids.get(unicode.fold(word), -1) for word in words]
