"""Training streams from real servers."""

from __future__ import annotations

import gc

import pytest
from torch.utils.data import DataLoader

from augsvc.errors import UnknownCorpus
from augsvc.torch import AugmentedMap, AugmentedStream


def rows_of(batches):
    return [row for batch in batches for row in zip(batch["_position"], batch["text"], strict=True)]


@pytest.fixture(scope="module")
def local(server):
    """The rows of the epochs 0 and 1, computed in process."""
    stream = AugmentedStream(server.data, "notes", seed=1, batch_size=50, local=True)
    return [rows_of(stream) for _ in range(2)]


def test_the_loop_of_the_readme(server, local):
    stream = AugmentedStream(server.url, "notes", seed=1, batch_size=32)
    for epoch in range(2):
        loader = DataLoader(stream, batch_size=None)
        assert rows_of(loader) == local[epoch]


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_workers_and_ranks_over_http_give_the_local_rows(server, local):
    ranks = [
        AugmentedStream(server.url, "notes", seed=1, batch_size=8, rank=rank, world_size=3, drop_last=False)
        for rank in range(3)
    ]
    loaders = [DataLoader(rank, batch_size=None, num_workers=workers) for workers, rank in enumerate(ranks)]
    assert sorted(row for loader in loaders for row in rows_of(loader)) == local[0]


def test_a_server_killed_in_mid_epoch_costs_nothing_where_another_lives(server, start):
    whole = AugmentedStream(server.data, "notes", copies=200, batch_size=8_192, local=True)
    other = start(server.data)
    stream = AugmentedStream([other.url, server.url], "notes", copies=200, batch_size=8_192)
    rows = []
    for batch in stream:
        other.kill()  # while the second of five pages is on its way
        rows += rows_of([batch])
    assert rows == rows_of(whole)


def test_training_goes_on_after_the_only_server_is_killed_and_started_again(server, start, local):
    other = start(server.data)
    stream = AugmentedStream(other.url, "notes", seed=1, batch_size=50)
    batches = iter(stream)
    before = rows_of(next(batches) for _ in range(3))
    state = stream.state_dict()
    del batches
    other.kill()
    restarted = start(server.data, other.port)
    resumed = AugmentedStream(restarted.url, "notes", seed=1, batch_size=20, rank=0, world_size=1)
    resumed.load_state_dict(state)
    assert before + rows_of(resumed) == local[0]


def test_a_stream_of_no_corpus_is_refused_at_once(server):
    with pytest.raises(UnknownCorpus):
        AugmentedStream(server.url, "nothing", batch_size=8)


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
@pytest.mark.parametrize("workers", [0, 2])
def test_rows_by_index_over_http_are_the_local_ones(server, workers):
    rows = AugmentedMap(server.url, "notes", seed=1, copies=2)
    local = AugmentedMap(server.data, "notes", seed=1, copies=2, local=True)
    assert (rows.view_id, len(rows)) == (local.view_id, 806)
    assert rows[5] == local[5]  # from here on a worker's fork finds an open connection, which it must not use
    loader = DataLoader(rows, batch_size=64, num_workers=workers, persistent_workers=workers > 0)
    for epoch in (0, 3):
        rows.set_epoch(epoch)
        local.set_epoch(epoch)
        assert [text for batch in loader for text in batch["text"]] == [row["text"] for row in local]


def test_a_batch_larger_than_a_request_is_asked_in_parts(server):
    rows = AugmentedMap(server.url, "notes", copies=200)
    positions = [g % len(rows) for g in range(0, 70_000 * 7, 7)]
    assert [row["_position"] for row in rows.__getitems__(positions)] == positions


def test_connections_close_when_nobody_holds_the_rows(server):
    rows = AugmentedMap(server.url, "notes")
    rows[0]
    del rows
    gc.collect()  # a socket left open would warn here, and a warning is an error
