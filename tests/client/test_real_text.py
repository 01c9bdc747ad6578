"""Addresses of presidents, streamed: one and the same bytes however they are read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augsvc.client import Client
from augsvc.torch import AugmentedStream

worlds = st.sampled_from([1, 2, 3, 7])
batch_sizes = st.integers(1, 700)


def rows_of(batches):
    return [row for batch in batches for row in zip(batch["_position"], batch["text"], strict=True)]


@pytest.fixture(scope="module")
def addresses(server, shared_data):
    """The corpus `addresses` is served; its rows of epoch 2, computed in process."""
    with Client(server.url) as client:
        client.put_corpus("addresses", shared_data / "text" / "inaugural.txt")
    stream = AugmentedStream(server.data, "addresses", seed=3, copies=2, batch_size=1_000, local=True)
    stream.set_epoch(2)
    return rows_of(stream)


@settings(max_examples=15, deadline=None)
@given(worlds, batch_sizes, worlds, batch_sizes, st.data())
def test_any_topology_resumed_anywhere_in_any_other_reads_the_same(
    server, addresses, world, size, other_world, other_size, data
):
    def ranks(count, batch_size):
        options = {"seed": 3, "copies": 2, "batch_size": batch_size, "world_size": count, "drop_last": False}
        return [AugmentedStream(server.url, "addresses", rank=rank, **options) for rank in range(count)]

    first, second = ranks(world, size), ranks(other_world, other_size)
    steps = data.draw(st.integers(0, (len(addresses) - 1) // (size * world)))
    for rank in first:
        rank.set_epoch(2)
    before = [row for rank in first for _, batch in zip(range(steps), rank, strict=False) for row in rows_of([batch])]
    for rank in second:
        rank.load_state_dict(first[0].state_dict())
    after = [row for rank in second for row in rows_of(rank)]
    assert sorted(before + after) == addresses
