"""The shuffle: a keyed bijection on [0, size), evaluated per index in constant time and memory.

A mixed-radix Feistel network over a * b >= size with a, b near its square root (Black and Rogaway, "Ciphers with
arbitrary finite domains", CT-RSA 2002), walking its cycle in the rare case that it leaves the domain.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy import uint32

from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.rng import below, philox
from augsvc.types import Int, Int64s

BLOCK = 256
"""Indices that go through the network together: their halves stay in the processor's first cache."""


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
def shuffle(positions: Int64s, tweaks: Int64s, domain: Domain, left: Int64s, right: Int64s, out: Int64s) -> None:
    """Set out[i] to where permutation tweaks[i] of the domain sends positions[i]; int64[n] each.

    `left` and `right`, int64[BLOCK], are scratch. A round of one index waits for the round before, so a block of them
    goes through each round together: four times as fast, because the processor then works on several at once.
    """
    for first in range(0, positions.shape[0], BLOCK):
        block = range(min(BLOCK, positions.shape[0] - first))
        for i in block:
            left[i], right[i] = positions[first + i] // domain.right, positions[first + i] % domain.right
        for number in range(0, domain.rounds, 2):
            for i in block:
                half = left[i] + mix(right[i], tweaks[first + i], number, domain.left, domain)
                left[i] = half - (domain.left if half >= domain.left else 0)
            for i in block:
                half = right[i] + mix(left[i], tweaks[first + i], number + 1, domain.right, domain)
                right[i] = half - (domain.right if half >= domain.right else 0)
        for i in block:
            index = left[i] * domain.right + right[i]
            out[first + i] = index if index < domain.size else permute(index, tweaks[first + i], domain)
