from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import InvalidInput
from augsvc.order import Lane
from augsvc.torch.share import Share
from augsvc.views import PAGE_ROWS

sizes = st.integers(0, 400)
batch_sizes = st.integers(1, 9)
worlds = st.integers(1, 7)
workers = st.integers(1, 4)


def model(
    size: int, origin: int, start: int, batch_size: int, rank: int, world: int, drop_last: bool
) -> list[list[int]]:
    """The batches of a rank, step by step, as the contract has them in words."""
    total = batch_size * world
    batches = []
    for first in range(origin, size, total):
        step = list(range(first, min(first + total, size)))
        mine = step[rank * batch_size : (rank + 1) * batch_size]
        if first >= start and mine and (len(step) == total or not drop_last):
            batches.append(mine)
    return batches


def read(share: Share, size: int, origin: int, start: int, worker: int = 0, of: int = 1) -> list[list[int]]:
    """The batches that pages of a worker's lane give."""
    lane, batches = share.lane(origin, worker, of), []
    for steps in share.pages(size, origin, start, worker, of):
        assert len(steps) * share.rows <= max(PAGE_ROWS, share.rows)
        page = lane.positions(origin + steps[0] * share.total, len(steps) * share.rows, size).tolist()
        cuts = [page[at : at + share.rows] for at in range(0, len(page), share.rows)]
        assert len(cuts) == len(steps)
        batches += cuts
    return batches


def in_turns(shares: list[list[list[int]]]) -> list[list[int]]:
    """Batches of workers in the order in which a DataLoader asks them."""
    longest = max(map(len, shares))
    return [batches[turn] for turn in range(longest) for batches in shares if turn < len(batches)]


@given(sizes, batch_sizes, worlds, workers, st.booleans(), st.data())
def test_workers_in_turns_read_what_their_rank_reads_alone(size, batch_size, world, of, drop_last, data):
    origin = data.draw(st.integers(0, size))
    rank = data.draw(st.integers(0, world - 1))
    share = Share.of_rank(batch_size, rank, world, drop_last)
    expected = model(size, origin, origin, batch_size, rank, world, drop_last)
    assert read(share, size, origin, origin) == expected
    assert in_turns([read(share, size, origin, origin, worker, of) for worker in range(of)]) == expected
    assert share.steps(size, origin) == len(expected)


@given(st.integers(0, 60_000), st.integers(1, 20_000), worlds, workers)
def test_pages_join_without_seams(size, batch_size, world, of):
    share = Share.of_rank(batch_size, world - 1, world, False)
    batches = in_turns([read(share, size, 0, 0, worker, of) for worker in range(of)])
    assert batches == model(size, 0, 0, batch_size, world - 1, world, False)


@given(sizes, batch_sizes, worlds, batch_sizes, worlds, st.data())
def test_after_any_step_another_topology_reads_exactly_the_rest(size, batch_size, world, other_size, other_world, data):
    share = Share.of_rank(batch_size, 0, world, False)
    done = data.draw(st.integers(0, share.all_steps(size, 0)))
    position = 0 if done == 0 else share.after(done - 1, size, 0)
    before = [
        g
        for rank in range(world)
        for b in read(Share.of_rank(batch_size, rank, world, False), size, 0, 0)[:done]
        for g in b
    ]
    rest = (
        []
        if position is None
        else [
            g
            for rank in range(other_world)
            for b in read(Share.of_rank(other_size, rank, other_world, False), size, position, position)
            for g in b
        ]
    )
    assert sorted(before + rest) == list(range(size))


@given(sizes, batch_sizes, worlds, workers, st.data())
def test_a_worker_resumes_at_its_own_next_step(size, batch_size, world, of, data):
    share = Share.of_rank(batch_size, 0, world, True)
    worker = data.draw(st.integers(0, of - 1))
    batches = read(share, size, 0, 0, worker, of)
    done = data.draw(st.integers(0, len(batches)))
    start = 0 if done == 0 else (worker + (done - 1) * of + 1) * share.total
    assert read(share, size, 0, start, worker, of) == batches[done:]


@given(sizes, st.lists(batch_sizes, min_size=1, max_size=5))
def test_lanes_of_unequal_ranks_cover_every_position_once(size, parts):
    offsets = [0, *accumulate(parts)]
    shares = [Share.of_lane(Lane(o, n, offsets[-1]), n, False) for o, n in zip(offsets, parts, strict=False)]
    assert sorted(g for share in shares for batch in read(share, size, 0, 0) for g in batch) == list(range(size))


@given(sizes, batch_sizes, st.integers(2, 7))
def test_ranks_drop_a_short_step_all_alike(size, batch_size, world):
    counts = {len(read(Share.of_rank(batch_size, rank, world, None), size, 0, 0)) for rank in range(world)}
    assert counts == {size // (batch_size * world)}


def test_a_start_between_two_steps_is_refused():
    share = Share.of_rank(8, 0, 2, None)
    with pytest.raises(InvalidInput, match="another batch_size"):
        share.pages(100, 0, 8, 0, 1)


@pytest.mark.parametrize(("batch_size", "rank", "world"), [(0, 0, 1), (65_537, 0, 1), (1, 1, 1), (1, -1, 1), (1, 0, 0)])
def test_shares_that_cannot_be_are_refused(batch_size, rank, world):
    with pytest.raises(InvalidInput):
        Share.of_rank(batch_size, rank, world, None)


@pytest.mark.parametrize("lane", [Lane(0, 4, 8, 16), Lane(0, 3, 8)])
def test_a_lane_must_be_as_wide_as_a_batch_and_start_at_zero(lane):
    with pytest.raises(InvalidInput, match="batch_size"):
        Share.of_lane(lane, 4, None)
