"""The tokenizers that are trained for comparison are real ones: nothing is lost, and frequent words are one piece."""

from __future__ import annotations

import pytest

pytest.importorskip("tiktoken", reason="the extra `bench` is not installed")

from subwords import tiktoken_encoding, wordpiece

TEXTS = ["The river runs by the house.", "A house by the river, naïve and 😀 quiet."] * 20


def test_tiktoken_gives_every_byte_back_also_of_text_unseen():
    encoding = tiktoken_encoding(TEXTS)
    for text in (*TEXTS[:2], "Zürich\t\x00 日本  it's"):
        assert encoding.decode(encoding.encode_ordinary(text)) == text


def test_tiktoken_joins_what_the_training_text_repeats():
    encoding = tiktoken_encoding(TEXTS)
    assert encoding.decode_tokens_bytes(encoding.encode_ordinary(" by the house")) == [b" by", b" the", b" house"]


def test_wordpiece_learns_whole_words_without_case():
    assert wordpiece(TEXTS).encode("THE House").tokens == ["the", "house"]
