"""Sub-word tokenizers to compare with, trained here: neither vocabulary nor merges are downloaded."""

from __future__ import annotations

from collections.abc import Sequence

import tiktoken
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

WORDPIECE_VOCABULARY = 30_000
BPE_VOCABULARY = 16_000

GPT2_PATTERN = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


def wordpiece(texts: Sequence[str]) -> Tokenizer:
    """Train Hugging Face's WordPiece as BERT's: lower-cased, 30,000 pieces."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=WORDPIECE_VOCABULARY, special_tokens=["[UNK]"], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def tiktoken_encoding(texts: Sequence[str]) -> tiktoken.Encoding:
    """Train a byte-level BPE of 16,000 tokens with Hugging Face's trainer, and hand its merges to tiktoken as ranks."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=BPE_VOCABULARY, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    ids = tokenizer.get_vocab()
    shown = _shown_bytes()
    ranks = {bytes(shown[char] for char in token): rank for rank, token in enumerate(sorted(ids, key=ids.__getitem__))}
    return tiktoken.Encoding("local", pat_str=GPT2_PATTERN, mergeable_ranks=ranks, special_tokens={})


def _shown_bytes() -> dict[str, int]:
    """Return the byte that each character of a byte-level token stands for (Radford et al. 2019, GPT-2's encoder)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + place): byte for place, byte in enumerate(hidden)}
