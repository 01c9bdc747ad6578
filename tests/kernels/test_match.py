"""From text to forms of the lexicon, against a dict."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.batch import TextBatch, TokenBatch
from augsvc.kernels.match import fill_index
from augsvc.types import NOTHING, PackTables, TokenKind

from .texts import QUICK, batches
from .twin_match import Unicode, fnv1a, forms_of


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


@given(words=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6), unique=True))
@QUICK
def test_the_index_holds_every_form_under_its_fingerprint_and_nothing_else(words: list[str]) -> None:
    encoded = [word.encode() for word in words]
    offsets = np.cumsum([0, *map(len, encoded)]).astype(np.uint32)
    slots = np.zeros(max(2, 1 << (2 * len(words)).bit_length()), np.uint32)
    fill_index(np.frombuffer(b"".join(encoded), np.uint8), offsets, slots)
    held = {value % 2**20: value >> 20 for value in slots.tolist() if value != NOTHING}
    assert held == {number: fnv1a(word) >> 52 for number, word in enumerate(words)}
    for number, word in enumerate(words):
        probes = np.roll(slots, -((fnv1a(word) >> 20) % len(slots))).tolist()
        assert number in [value % 2**20 for value in probes[: probes.index(NOTHING)]]
