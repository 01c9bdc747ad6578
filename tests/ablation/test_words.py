from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from augsvc.ablation.words import Vocabulary, padded, words_of


def test_words_are_cut_as_the_penn_treebank_cuts_them():
    assert words_of("They don't; it’s self-made, 3.5%!") == [
        *("they", "do", "n't", ";", "it", "'s", "self", "-", "made", ",", "3.5", "%", "!"),
    ]


def test_text_that_is_cut_already_is_cut_alike():
    assert words_of("they do n't") == words_of("They don't")


@given(st.lists(st.text(), min_size=1, max_size=5), st.integers(1, 6))
def test_any_text_has_a_word_at_least_and_no_more_than_asked_for(texts, longest):
    vocabulary = Vocabulary()
    rows = vocabulary.encode(texts, longest)
    assert all(1 <= len(row) <= longest and 0 < min(row) <= max(row) < len(vocabulary) for row in rows)
    assert rows == vocabulary.encode(texts, longest)


@given(st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=5), min_size=1, max_size=5), st.integers(0, 3))
def test_rows_are_filled_up_under_a_mask(rows, filling):
    tokens, mask = padded(rows, filling)
    assert [numbers[shown].tolist() for numbers, shown in zip(tokens, mask, strict=True)] == rows
    assert torch.all(tokens[~mask] == filling)
