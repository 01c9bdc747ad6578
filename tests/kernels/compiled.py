"""Doors to functions that exist only inside kernels: each compiled into a function that a test can call."""

from __future__ import annotations

from typing import Any

from numba import njit

from augsvc.kernels import rng


@njit
def philox(key: Any, counter: Any) -> Any:
    """Return one block for uint32[2] and uint32[4]."""
    return rng.philox(key[0], key[1], counter[0], counter[1], counter[2], counter[3])


@njit
def draws(key: Any, operation: int, token: int, out: Any) -> None:
    """Fill out with draws 0, 1, 2 ... of an operation at a token."""
    for index in range(out.shape[0]):
        out[index] = rng.draw(key, operation, token, index)


@njit
def below(random: Any, limit: int) -> Any:
    """Return a u32 scaled to 0 ... limit - 1."""
    return rng.below(random, limit)
