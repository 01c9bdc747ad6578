"""Plain-Python twin of augsvc.kernels.shuffle: a Feistel network over pairs (left, right) of mixed radix."""

from __future__ import annotations

from itertools import count

from augsvc.kernels.shuffle import Domain

from .twin_rng import below, philox, words_of


def passes(domain: Domain, tweak: int, index: int) -> int:
    """Send an index once through all rounds: each half in turn is shifted by a number drawn for the other."""
    key = words_of(int(domain.seed) | 1 << 63)
    radices = int(domain.left), int(domain.right)
    halves = list(divmod(index, radices[1]))
    for number in range(int(domain.rounds)):
        side = number % 2
        block = philox(key, (halves[1 - side], tweak, int(domain.first_round) + number, int(domain.epoch)))
        halves[side] = (halves[side] + below(block[0], radices[side])) % radices[side]
    return halves[0] * radices[1] + halves[1]


def permute(domain: Domain, tweak: int, index: int) -> int:
    """Repeat until the result lies in the domain again (cycle walking); a domain of one has nothing to permute."""
    if domain.size <= 1:
        return 0
    for _ in count():
        index = passes(domain, tweak, index)
        if index < domain.size:
            return index
    raise AssertionError
