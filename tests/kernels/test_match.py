"""From text to forms of the lexicon, against a dict."""

from __future__ import annotations

import pytest
from hypothesis import given

from augsvc.batch import TextBatch, TokenBatch
from augsvc.types import PackTables, TokenKind

from .mini import Entry, mini_tables
from .texts import QUICK, batches
from .twin_match import Unicode, forms_of


def looked_up(texts: list[str], tables: PackTables) -> list[tuple[str, int, int]]:
    """Return the text, kind and form of every token."""
    batch = TokenBatch.scan(TextBatch.from_strings(texts), tables)
    raw, columns = batch.texts.data.tobytes(), batch.columns
    spans = zip(columns.start.tolist(), columns.end.tolist(), strict=True)
    words = [raw[start:end].decode() for start, end in spans]
    return list(zip(words, columns.kind.tolist(), columns.form.tolist(), strict=True))


def expected(word: str, kind: int, unicode: Unicode, form_ids: dict[str, int]) -> int:
    return form_ids.get(unicode.fold(word), -1) if kind == TokenKind.WORD else -1


@given(texts=batches)
@QUICK
def test_words_have_the_form_that_a_dict_gives(
    texts: list[str], tables: PackTables, unicode: Unicode, form_ids: dict[str, int]
) -> None:
    for word, kind, form in looked_up(texts, tables):
        assert form == expected(word, kind, unicode, form_ids)


def test_real_words_have_the_form_that_a_dict_gives(
    sentences: list[str], tables: PackTables, unicode: Unicode, form_ids: dict[str, int]
) -> None:
    found = looked_up(sentences, tables)
    assert [form for _, _, form in found] == [expected(word, kind, unicode, form_ids) for word, kind, _ in found]
    assert sum(form >= 0 for _, _, form in found) > len(found) * 0.7


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("DOG", "dog"),
        ("Café", "café"),
        ("CAFÉ", "café"),
        ("don’t", "n't"),
        ("dogged", None),
        ("do", None),
        ("@dog", None),
    ],
)
def test_case_and_curly_apostrophes_do_not_matter_but_every_letter_does(
    written: str, form: str | None, mini: PackTables
) -> None:
    _, _, found = looked_up([written], mini)[-1]
    assert (forms_of(mini)[found] if found >= 0 else None) == form


@pytest.mark.parametrize(
    "word",
    ["a", "eightlet", "ninettlet", "a" * 16, "a" * 17, "été", "ÉTÉ" * 3, "é" * 8, "é" * 9, "K" * 8, "İstanbul"],
)
@pytest.mark.parametrize("after", ["", " ", " and what follows it"])
def test_words_are_found_whatever_their_length_and_wherever_the_data_ends(
    word: str, after: str, tables: PackTables, unicode: Unicode
) -> None:
    folded = unicode.fold(word)
    small = mini_tables({folded: Entry(), folded + "y": Entry(), "and": Entry()}, tables)
    assert [form for _, _, form in looked_up([word + after], small)][:1] == [0]
    assert [form for _, _, form in looked_up([word[:-1] + "x"], small)] == [-1]
