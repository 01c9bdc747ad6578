"""The shuffle is a bijection; lanes cut an epoch without loss; cursors survive the wire."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import BadRequest, InvalidInput
from augsvc.order import BLOCK_ROWS, WINDOW_BLOCKS, Cursor, Lane, shuffled


def order_of(size: int, *, seed: int = 0, epoch: int = 0, mode: str = "global") -> np.ndarray:
    return shuffled(np.arange(size), size=size, seed=seed, epoch=epoch, mode=mode)


def is_permutation(order: np.ndarray) -> bool:
    return bool((np.bincount(order, minlength=len(order)) == 1).all())


def test_the_shuffle_is_a_bijection_at_every_small_size() -> None:
    assert all(is_permutation(order_of(size, seed=size, epoch=size % 5)) for size in range(1, 3000))


@pytest.mark.parametrize("power", range(1, 21))
def test_the_shuffle_is_a_bijection_around_every_power_of_two(power: int) -> None:
    assert all(is_permutation(order_of(2**power + step)) for step in (-1, 0, 1))


@pytest.mark.parametrize("size", [1, BLOCK_ROWS - 1, BLOCK_ROWS + 1, BLOCK_ROWS * WINDOW_BLOCKS * 2 + BLOCK_ROWS + 3])
def test_the_block_shuffle_is_a_bijection(size: int) -> None:
    order = order_of(size, seed=3, mode="block")
    assert is_permutation(order)
    assert size == 1 or (order != np.arange(size)).any()


def test_a_block_window_reads_few_blocks_of_the_corpus() -> None:
    window = BLOCK_ROWS * WINDOW_BLOCKS
    order = order_of(window * 4, mode="block")
    assert len(np.unique(order[:window] // BLOCK_ROWS)) == WINDOW_BLOCKS


@pytest.mark.parametrize("size", [5, BLOCK_ROWS * 40 + 7, 2**40 + 3])
def test_a_position_goes_to_the_same_row_of_a_block_alone_near_others_and_far_from_them(size: int) -> None:
    positions = np.array([0, 1, 2, 3, 4, *np.linspace(0, size - 1, 50).astype(int)])
    alone = [shuffled(positions[i : i + 1], size=size, seed=7, epoch=2, mode="block")[0] for i in range(55)]
    assert shuffled(positions, size=size, seed=7, epoch=2, mode="block").tolist() == alone


def test_the_block_shuffle_of_today_is_that_of_before() -> None:
    first = shuffled(np.array([0, 1, 4_096, 100_000, 199_999]), size=200_000, seed=1, epoch=2, mode="block")
    assert first.tolist() == [22999, 110744, 116746, 133782, 197715]


def test_no_shuffle_is_the_identity() -> None:
    assert (order_of(100, mode="none") == np.arange(100)).all()


@given(st.integers(2, 10**12), st.data())
def test_a_position_is_shuffled_alike_alone_and_in_company(size: int, data: st.DataObject) -> None:
    positions = np.array(data.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=20)))
    together = shuffled(positions, size=size, seed=7, epoch=2, mode="global")
    alone = [
        int(shuffled(positions[i : i + 1], size=size, seed=7, epoch=2, mode="global")[0]) for i in range(len(positions))
    ]
    assert together.tolist() == alone
    assert together.max() < size


def test_seed_and_epoch_are_separate() -> None:
    orders = [tuple(order_of(50, seed=seed, epoch=epoch)) for seed, epoch in itertools.product(range(4), range(4))]
    assert len(set(orders)) == 16


def test_every_permutation_of_a_small_corpus_is_about_equally_likely() -> None:
    counts: dict[tuple[int, ...], int] = {}
    for seed in range(2400):
        order = tuple(order_of(4, seed=seed).tolist())
        counts[order] = counts.get(order, 0) + 1
    chi_squared = sum((count - 100) ** 2 / 100 for count in counts.values())
    assert len(counts) == 24
    assert chi_squared < 60  # 23 degrees of freedom: exceeded once in 30,000 seeds' worth of luck


lanes = (
    st.integers(1, 7)
    .flatmap(lambda rows: st.tuples(st.integers(0, 9), st.just(rows), st.integers(0, 9), st.integers(0, 30)))
    .map(lambda x: Lane(x[0], x[1], x[0] + x[1] + x[2], x[3]))
)


@given(lanes, st.integers(0, 60), st.integers(0, 40), st.integers(0, 150))
def test_a_lane_holds_the_positions_that_its_definition_names(lane: Lane, beyond: int, count: int, end: int) -> None:
    start = lane.origin + beyond
    members = [g for g in range(start, end) if lane.offset <= (g - lane.origin) % lane.total < lane.offset + lane.rows]
    assert lane.positions(start, count, end).tolist() == members[:count]
    assert lane.next_position(start, end) == (members[0] if members else None)
    assert lane.count(start, end) == len(members)


@given(lanes)
def test_a_lane_reads_back_as_it_is_written(lane: Lane) -> None:
    assert Lane.parse(str(lane)) == lane


@pytest.mark.parametrize(
    "text", ["", "1:2", "0:0:1", "1:1:1", "a:1:2", "0:1:2:-1", "-1:1:2", "0:1:2:3:4", "0:1:" + "9" * 30]
)
def test_a_malformed_lane_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        Lane.parse(text)


def test_a_start_below_the_origin_is_refused() -> None:
    with pytest.raises(InvalidInput, match="origin"):
        Lane(0, 1, 2, origin=10).positions(9, 1, 100)


def test_a_cursor_reads_back_as_it_is_written() -> None:
    cursor = Cursor("0123456789abcdef" * 2, 3, 2**62)
    assert str(cursor) == f"v1.{'0123456789abcdef' * 2}.3.{2**62}"
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize("text", ["", "v1.x.0.0", f"v2.{'a' * 32}.0.0", f"v1.{'a' * 32}.0", f"v1.{'a' * 32}.{2**32}.0"])
def test_a_malformed_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        Cursor.parse(text)
