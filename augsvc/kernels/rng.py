"""Counter-based randomness: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).

A draw is a function of its key and its counter, so nothing has to be remembered between draws: see docs/determinism.md.
"""

from __future__ import annotations

from numpy import int64, uint32, uint64

from augsvc.kernels.jit import inline, kernel
from augsvc.types import Int, Int64s, Uint32s

ROW = 0xFFFFFFFF
"""The counter's token word for draws that belong to a whole row."""


@inline
def philox(k0: Int, k1: Int, c0: Int, c1: Int, c2: Int, c3: Int) -> tuple[Int, Int, Int, Int]:
    """Return the four u32 words of one block; every argument is a u32."""
    for _ in range(10):
        p0 = uint64(0xD2511F53) * uint64(c0)
        p1 = uint64(0xCD9E8D57) * uint64(c2)
        n0 = uint32(uint32(p1 >> uint64(32)) ^ c1 ^ k0)
        n2 = uint32(uint32(p0 >> uint64(32)) ^ c3 ^ k1)
        c0, c1, c2, c3 = n0, uint32(p1), n2, uint32(p0)
        k0 = uint32(k0 + uint32(0x9E3779B9))
        k1 = uint32(k1 + uint32(0xBB67AE85))
    return c0, c1, c2, c3


@inline
def block_of(key: Uint32s, operation: Int, token: Int, index: Int) -> tuple[Int, Int, Int, Int]:
    """Return the block that holds draw `index` of an operation at a token: draw d is word d & 3 of block d >> 2.

    `key` is u32[3]: two words of the row's key, and the field.
    """
    return philox(key[0], key[1], uint32(operation), uint32(key[2]), uint32(token), uint32(index >> 2))


@inline
def below(random: Int, limit: Int) -> Int:
    """Map a u32 onto 0 ... limit - 1 by multiplication (Lemire 2019); limit < 2**32."""
    return int64((uint64(random) * uint64(limit)) >> uint64(32))


@kernel
def row_draws(key: Uint32s, operation: Int, token: Int, out: Uint32s) -> None:
    """Fill out[n] with draws 0 ... n - 1 of an operation at a token, or of a row; key is u32[3]."""
    for index in range(out.shape[0]):
        block = block_of(key, operation, token, index)
        word = index & 3
        out[index] = block[0] if word == 0 else block[1] if word == 1 else block[2] if word == 2 else block[3]


@kernel
def row_keys(seed: Int, epoch: Int, rows: Int64s, copies: Int64s, out: Uint32s) -> None:
    """Fill out[n, 2] with the keys of (seed, epoch, row, copy), one for each of the n rows and copies."""
    low, high = uint32(seed & 0xFFFFFFFF), uint32(seed >> 32)
    for i in range(rows.shape[0]):
        row, copy = rows[i], copies[i]
        block = philox(low, high, uint32(row & 0xFFFFFFFF), uint32(row >> 32), uint32(epoch), uint32(copy & 0xFFFFFFFF))
        out[i, 0], out[i, 1] = block[0], block[1]
