"""What may not change: kinds of tokens, words, patterns and spans, as masks over tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, get_args

import numpy as np
import re2
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from augsvc.batch import TextBatch, TokenBatch
from augsvc.kernels.guard import FUNCTION_KIND, NAME_KIND, NEGATION_KIND, guard_ranges
from augsvc.types import Int64s, PackTables, TokenKind

Kind = Literal[
    "number",
    "punct",
    "symbol",
    "url",
    "email",
    "hashtag",
    "mention",
    "code",
    "html",
    "other",
    "function",
    "negation",
    "name",
]
"""A kind of token, or a fact about a word: closed-class words, negations, and words written as names."""

SpanMode = Literal["keep", "follow", "drop"]

_EXTRA_KINDS = {"function": FUNCTION_KIND, "negation": NEGATION_KIND, "name": NAME_KIND}

IN_ANY_ORDER = AfterValidator(lambda values: tuple(sorted(set(values))))
"""Puts a list that is a set in order, so that equal pipelines have one fingerprint."""

Ranges = list[tuple[int, int, int]]
"""Protected stretches (row, start, end), in bytes of the row."""


def _compiles(pattern: str) -> str:
    try:
        re2.compile(pattern, _options())
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        raise ValueError(f"not an RE2 pattern: {reason}") from None
    return pattern


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


class Protect(BaseModel):
    """What a pipeline may not touch, computed once on the original text and carried through every pass."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[Annotated[str, Field(min_length=1, max_length=1000)], ...] = Field(
        (), max_length=100_000, description="Words or phrases that stay as they are, whatever their case."
    )
    patterns: tuple[Annotated[str, Field(min_length=1, max_length=10_000), AfterValidator(_compiles)], ...] = Field(
        (), max_length=1000, description="RE2 patterns; whatever they match stays as it is."
    )
    kinds: Annotated[tuple[Kind, ...], IN_ANY_ORDER] = Field(
        ("code", "email", "function", "hashtag", "html", "mention", "name", "negation", "number", "other", "url"),
        max_length=len(get_args(Kind)),
        description="Kinds of tokens that stay as they are; give the ones to keep, [] to release all.",
    )
    spans: SpanMode = Field(
        "keep",
        description="What happens to spans: never edited, remapped with their words through edits, or given up when "
        "touched.",
    )

    max_changed: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Largest share of a text's words that all operations together may change, rounded down; null: all.",
    )

    @cached_property
    def kind_bits(self) -> int:
        """The kinds as bits: of TokenKind, and beyond them the facts of `augsvc.kernels.guard`."""
        return sum(1 << (_EXTRA_KINDS.get(kind) or TokenKind[kind.upper()]) for kind in self.kinds)


def guard(tokens: TokenBatch, protect: Protect, tables: PackTables, spans: Ranges) -> None:
    """Add to the masks of `tokens` what the words and patterns of `protect`, and spans that are to be kept, forbid.

    What its kinds forbid, `TokenBatch.scan` is told: see `Protect.kind_bits`.
    """
    texts = tokens.texts
    ranges = spans if protect.spans == "keep" else []
    if protect.words or protect.patterns:
        ranges = [*ranges, *_word_ranges(tokens, protect.words, tables), *_pattern_ranges(texts, protect.patterns)]
    if ranges:
        guard_ranges(tokens.columns, *_columns(texts, ranges))


def _columns(texts: TextBatch, ranges: Ranges) -> tuple[Int64s, Int64s, Int64s]:
    rows, starts, ends = np.array(_merged(ranges), np.int64).T
    base = texts.offsets[rows]
    return np.searchsorted(rows, np.arange(len(texts) + 1)), starts + base, ends + base


def _merged(ranges: Ranges) -> Ranges:
    """Unite ranges that overlap, so that the kernel reads each token once however many cover it."""
    merged: Ranges = []
    for row, start, end in sorted(ranges):
        if merged and merged[-1][0] == row and start < merged[-1][2]:
            merged[-1] = (row, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((row, start, end))
    return merged


def _pattern_ranges(texts: TextBatch, patterns: Sequence[str]) -> Iterable[tuple[int, int, int]]:
    if not patterns:
        return
    raw, offsets = texts.data.tobytes(), texts.offsets.tolist()
    for pattern in patterns:
        compiled = re2.compile(pattern, _options())
        for row, (start, end) in enumerate(pairwise(offsets)):
            spans = (match.span() for match in compiled.finditer(raw[start:end]))
            # a match of nothing protects nothing
            yield from ((row, first, last) for first, last in spans if first < last)


def _word_ranges(tokens: TokenBatch, words: Sequence[str], tables: PackTables) -> Iterable[tuple[int, int, int]]:
    """Find each protected word or phrase by the hashes of its tokens, so that case and spacing do not matter."""
    if not words or not tokens.count:
        return
    wanted = TokenBatch.scan(TextBatch.from_strings(words), tables).columns
    columns = tokens.columns
    hashes, starts, ends = (column[: tokens.count] for column in (columns.hash, columns.start, columns.end))
    order = np.argsort(hashes, kind="stable")
    phrases = [wanted.hash[a:b] for a, b in pairwise(wanted.first.tolist()) if b > a]
    heads = np.array([phrase[0] for phrase in phrases], np.uint64)
    bounds = [np.searchsorted(hashes, heads, side, order).tolist() for side in ("left", "right")]
    for phrase, low, high in zip(phrases, *bounds, strict=True):
        if low == high:
            continue
        found = order[low:high]
        last = found + len(phrase) - 1
        rows = np.searchsorted(tokens.columns.first, found, side="right") - 1
        keep = last < tokens.columns.first[rows + 1]
        for step, value in enumerate(phrase[1:], 1):
            keep[keep] &= hashes[found[keep] + step] == value
        base = tokens.texts.offsets[rows]
        yield from zip(
            rows[keep].tolist(),
            (starts[found] - base)[keep].tolist(),
            (ends[last[keep]] - base[keep]).tolist(),
            strict=True,
        )
