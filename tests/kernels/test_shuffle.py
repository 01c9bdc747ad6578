"""The shuffle: equal to its twin, and a bijection of every small domain."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from augsvc.kernels.shuffle import BLOCK, Domain, shuffle

from . import twin_shuffle
from .texts import QUICK


def domain_of(size: int, seed: int = 1, epoch: int = 0, rounds: int = 8, first_round: int = 0) -> Domain:
    left = math.isqrt(size - 1) + 1
    return Domain(size, left, -(-size // left), rounds, first_round, seed, epoch)


def permuted(domain: Domain, indices: list[int], tweak: int = 0) -> list[int]:
    left, right, out = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(len(indices), np.int64)
    shuffle(np.array(indices, np.int64), np.full(len(indices), tweak, np.int64), domain, left, right, out)
    return out.tolist()


@given(
    size=st.integers(1, 300) | st.integers(1, 2**62),
    seed=st.integers(0, 2**63 - 1),
    epoch=st.integers(0, 2**32 - 1),
    shape=st.sampled_from([(8, 0), (24, 0), (8, 64)]),
    tweak=st.integers(0, 2**32 - 1),
    data=st.data(),
)
@QUICK
def test_indices_go_where_the_twin_sends_them(
    size: int, seed: int, epoch: int, shape: tuple[int, int], tweak: int, data: st.DataObject
) -> None:
    domain = domain_of(size, seed, epoch, *shape)
    indices = data.draw(st.lists(st.integers(0, size - 1), max_size=5))
    assert permuted(domain, indices, tweak) == [twin_shuffle.permute(domain, tweak, index) for index in indices]


@pytest.mark.parametrize("rounds", [8, 24])
def test_every_small_domain_is_permuted_onto_itself(rounds: int) -> None:
    for size in [*range(1, 260), *(2**k + d for k in range(8, 13) for d in (-1, 0, 1))]:
        assert sorted(permuted(domain_of(size, rounds=rounds), [*range(size)])) == [*range(size)]


@given(size=st.integers(100, 5000), seed=st.integers(0, 2**63 - 2), epoch=st.integers(0, 2**32 - 2))
@example(size=4097, seed=2**32 - 1, epoch=0)
@QUICK
def test_seed_epoch_tweak_and_first_round_each_give_another_order(size: int, seed: int, epoch: int) -> None:
    indices = [*range(100)]
    orders = [
        permuted(domain_of(size, seed, epoch), indices),
        permuted(domain_of(size, seed + 1, epoch), indices),
        permuted(domain_of(size, seed, epoch + 1), indices),
        permuted(domain_of(size, seed, epoch, first_round=64), indices),
        permuted(domain_of(size, seed, epoch), indices, tweak=1),
    ]
    assert len({tuple(order) for order in orders}) == len(orders)


def test_an_order_looks_random() -> None:
    """Over 400 seeds each of ten indices lands on each of ten places about 40 times (chi-squared: p = 1e-4)."""
    seen = np.zeros((10, 10))
    for seed in range(400):
        seen[range(10), permuted(domain_of(10, seed, rounds=24), [*range(10)])] += 1
    assert ((seen - 40) ** 2 / 40).sum() < 136
