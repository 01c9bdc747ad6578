"""The shuffle: a keyed bijection on [0, size), evaluated per index in constant time and memory.

A mixed-radix Feistel network over a * b >= size with a, b near its square root (Black and Rogaway, "Ciphers with
arbitrary finite domains", CT-RSA 2002), walking its cycle in the rare case that it leaves the domain.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy import int64, uint32, uint64

from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.rng import below, philox
from augsvc.types import Int, Int64s


class Domain(NamedTuple):
    """What a permutation acts on, and which one it is."""

    size: Int
    left: Int  # the radices: left * right >= size, both below 2**32
    right: Int
    rounds: Int
    first_round: Int  # permutations of one key that must differ count their rounds from different numbers
    seed: Int
    epoch: Int


@inline
def mix(half: Int, tweak: Int, number: Int, limit: Int, domain: Domain) -> Int:
    """Return the round function: a number below `limit` drawn for (index, round, epoch) under key seed | 2**63."""
    low, high = uint32(domain.seed & 0xFFFFFFFF), uint32(domain.seed >> 32) | uint32(0x80000000)
    block = philox(low, high, uint32(half), uint32(tweak), uint32(domain.first_round + number), uint32(domain.epoch))
    return below(block[0], limit)


@inline
def permute(index: Int, tweak: Int, domain: Domain) -> Int:
    """Return where the permutation (one for each u32 `tweak`) sends `index`."""
    while True:
        left, right = index // domain.right, index % domain.right
        for number in range(0, domain.rounds, 2):
            left += mix(right, tweak, number, domain.left, domain)
            left -= domain.left if left >= domain.left else 0
            right += mix(left, tweak, number + 1, domain.right, domain)
            right -= domain.right if right >= domain.right else 0
        index = left * domain.right + right
        if index < domain.size:
            return index


@kernel
def shuffle(positions: Int64s, tweaks: Int64s, domain: Domain, out: Int64s) -> None:
    """Set out[i] to where permutation tweaks[i] of the domain sends positions[i]; int64[n] each."""
    for i in range(positions.shape[0]):
        out[i] = permute(positions[i], uint64(tweaks[i]), domain) if domain.size > 1 else int64(0)
