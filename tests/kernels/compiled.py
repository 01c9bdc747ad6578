"""Doors to functions that exist only inside kernels: each compiled into a function that a test can call."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from augsvc.kernels import draft, memory, phrases, propose, rng, tag

NOTHING_SEEN = np.zeros(1, np.int32)


@njit
def philox(key: Any, counter: Any) -> Any:
    """Return one block for uint32[2] and uint32[4]."""
    return rng.philox(key[0], key[1], counter[0], counter[1], counter[2], counter[3])


@njit
def draws(key: Any, operation: int, token: int, out: Any) -> None:
    """Fill out with draws 0, 1, 2 ... of an operation at a token."""
    for index in range(out.shape[0]):
        out[index] = rng.block_of(key, operation, token, index)[index & 3]


@njit
def below(random: Any, limit: int) -> Any:
    """Return a u32 scaled to 0 ... limit - 1."""
    return rng.below(random, limit)


@njit
def reading_of(form: int, tag: int, tables: Any) -> Any:
    """Return the reading of a form as a tag."""
    return draft.reading_of(form, tag, tables)


@njit
def allowed_weight(candidate: int, step: Any) -> Any:
    """Return what a candidate weighs for a step."""
    return propose.allowed_weight(candidate, step)


@njit
def candidates_of(reading: int, step: Any, randoms: Any, out: Any, tables: Any) -> None:
    """Fill out[n] with the form that randoms[n] draws for a step that insists."""
    for n in range(out.shape[0]):
        out[n] = propose.candidate_of(reading, draft.Site(4, 1, 9, step, randoms[n], True, NOTHING_SEEN), tables)


@njit
def copy_bytes(source: Any, start: int, out: Any, at: int, size: int) -> None:
    """Copy a stretch of bytes."""
    memory.copy_bytes(source, start, out, at, size)


@njit
def tag_wanted(data: Any, tokens: Any, wanted: Any, tables: Any) -> None:
    """Ask for the tags of the tokens whose place in `wanted` (u8[T]) is not 0, each by itself."""
    for row in range(tokens.first.shape[0] - 1):
        first, stop = tokens.first[row], tokens.first[row + 1]
        for token in range(first, stop):
            if wanted[token]:
                tag.tag_at(data, tokens, token, first, stop, tables)


@njit
def copy_from(address: int, out: Any, at: int, size: int) -> None:
    """Copy a stretch of memory."""
    memory.copy_from(address, out, at, size)


@njit
def load_int32(address: int, index: int) -> int:
    """Return the int32 at an index."""
    return memory.load_int32(address, index)


@njit
def load_int64(address: int, index: int) -> int:
    """Return the int64 at an index."""
    return memory.load_int64(address, index)


@njit
def in_phrases(data: Any, tokens: Any, tables: Any, out: Any) -> None:
    """Say of every token of every row whether it stands in a phrase."""
    for row in range(tokens.first.shape[0] - 1):
        for token in range(tokens.first[row], tokens.first[row + 1]):
            out[token] = phrases.in_phrase(data, tokens, token, tokens.first[row], tokens.first[row + 1], tables)
