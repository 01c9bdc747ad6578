"""The look-up table: found is what is in it, in Python as in the kernels."""

from __future__ import annotations

from collections import Counter
from itertools import product
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.lexicon.index import candidates, filled, hash_of, keys

forms = st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=60)


@given(forms)
def test_every_form_is_found_and_the_table_is_at_most_three_fifths_full(texts):
    slots = filled(texts)
    assert 3 * len(slots) > 5 * len(texts)
    for number, text in enumerate(texts):
        assert number in candidates(text, slots)


@given(forms, st.text(max_size=12))
def test_other_texts_are_found_only_by_accident_of_the_fingerprint(texts, other):
    for number in candidates(other, filled(texts)):
        assert hash_of(texts[number]) >> 52 == hash_of(other) >> 52


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0x2AD0938A3072DFCD),
        ("a", 0x9A0CCD7FA5D53CE2),
        ("éclairs", 0x6A5F2333F021BAD3),
        ("seventeen letters", 0x7503D109BD61BBB2),
    ],
)
def test_the_hash_never_changes_because_packs_and_caches_hold_it(text, expected):
    assert hash_of(text) == expected


def test_hashes_of_like_words_share_no_slot_more_often_than_chance():
    words = [*map("".join, product(ascii_lowercase, ascii_lowercase, ("", *ascii_lowercase)))]
    slots = Counter(hash_of(word) >> 20 & 0xFFFF for word in words)
    # of 18,252 words in 65,536 slots drawn at random 2,321 find theirs taken, give or take 42
    assert 2150 < len(words) - len(slots) < 2490


@given(st.lists(st.text(min_size=1, max_size=20), unique=True, max_size=9))
def test_a_key_is_the_text_of_a_form_of_at_most_16_bytes(texts):
    for text, key in zip(texts, keys(texts), strict=True):
        data = text.encode()
        assert key.tobytes() == (data.ljust(16, b"\0") if len(data) <= 16 else bytes(16))
