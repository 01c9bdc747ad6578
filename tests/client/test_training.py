"""Training streams from real servers."""

from __future__ import annotations

import pytest
from torch.utils.data import DataLoader

from augsvc.errors import UnknownCorpus
from augsvc.torch import AugmentedStream


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
