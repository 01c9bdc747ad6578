"""The look-up table: found is what is in it, in Python as in the kernels."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from augsvc.kernels.match import fill_index
from augsvc.lexicon.index import candidates, filled, hash_of
from augsvc.types import NOTHING

forms = st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=60)


@given(forms)
def test_every_form_is_found_and_the_table_is_at_most_half_full(texts):
    slots = filled(texts)
    assert len(slots) >= 2 * len(texts)
    for number, text in enumerate(texts):
        assert number in candidates(text, slots)


@given(forms, st.text(max_size=12))
def test_other_texts_are_found_only_by_accident_of_the_fingerprint(texts, other):
    for number in candidates(other, filled(texts)):
        assert hash_of(texts[number]) >> 52 == hash_of(other) >> 52


def test_the_hash_is_fnv_1a_over_code_points():
    assert hash_of("") == 0xCBF29CE484222325
    assert hash_of("a") == 0xAF63DC4C8601EC8C  # as published for the byte "a"
    assert hash_of("é") == (0xCBF29CE484222325 ^ 0xE9) * 0x100000001B3 % 2**64


@given(st.lists(st.text("abcdefé'- ß漢😀", min_size=1, max_size=12), unique=True, min_size=1, max_size=60))
def test_the_kernel_fills_the_same_table(texts):
    encoded = [text.encode() for text in texts]
    blob = np.frombuffer(b"".join(encoded), np.uint8)
    offsets = np.cumsum([0, *map(len, encoded)]).astype(np.uint32)
    blob.flags.writeable = False
    offsets.flags.writeable = False
    expected = filled(texts)
    slots = np.full_like(expected, NOTHING)
    fill_index(blob, offsets, slots)
    np.testing.assert_array_equal(slots, expected)
