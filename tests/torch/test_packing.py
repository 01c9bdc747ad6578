"""Packed sequences: the epoch's texts, token for token, whoever reads them and wherever they go on."""

from __future__ import annotations

import itertools
import json
import re

import pytest
import torch.distributed
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.testing._internal.distributed.fake_pg import FakeStore
from torch.utils.data import DataLoader
from torchdata.stateful_dataloader import StatefulDataLoader

from augsvc.errors import CursorMismatch, InvalidInput
from augsvc.torch import AugmentedStream, PackedStream

END = 0


def tokenize(texts):
    """A token for each word and mark: its length, and where it begins."""
    return [[1 + len(found[0]) + 100 * found.start() for found in re.finditer(r"\w+|\S", text)] for text in texts]


@pytest.fixture(scope="module")
def packed_of(stream_of):
    """Makes packed streams over `notes`, 407 texts of ten words and a mark."""

    def make(length, batch_size, *, rows=64, **options):
        stream = stream_of(batch_size=rows, rank=0, world_size=1)
        return PackedStream(stream, tokenize, length=length, end=END, batch_size=batch_size, **options)

    return make


@pytest.fixture(scope="module")
def tokens_of(stream_of):
    """Returns the tokens of an epoch, each text's with its end."""

    def tokens(epoch=0):
        stream = stream_of(batch_size=1000, rank=0, world_size=1)
        stream.set_epoch(epoch)
        return [token for batch in stream for ids in tokenize(batch["text"]) for token in [*ids, END]]

    return tokens


def flat(batches):
    return [token for batch in batches for token in batch["labels"].flatten().tolist() if token != -100]


def test_an_epoch_is_its_texts_token_for_token(packed_of, tokens_of):
    packed = packed_of(32, 4)
    for epoch in range(2):
        batches = list(DataLoader(packed, batch_size=None))
        assert flat(batches) == tokens_of(epoch)
        assert {batch["input_ids"].shape for batch in batches[:-1]} == {(4, 32)}
        assert batches[-1].state == packed.state_dict()
        assert (batches[-1].state["epoch"], batches[-1].state["position"]) == (epoch + 1, 0)
    assert tokens_of(0) != tokens_of(1)


def test_only_the_last_sequence_is_padded_and_its_padding_has_no_label(packed_of, tokens_of):
    *whole, last = packed_of(50, 3)
    for batch in whole:
        assert torch.equal(batch["input_ids"], batch["labels"])
    left = len(tokens_of()) % 50
    assert left > 0
    assert last["labels"][-1, left:].unique().tolist() == [-100]
    assert last["input_ids"][-1, left:].unique().tolist() == [END]
    assert torch.equal(last["input_ids"][-1, :left], last["labels"][-1, :left])


@settings(max_examples=20)
@given(st.integers(1, 60), st.integers(1, 5), st.sampled_from([1, 2, 3]), st.sampled_from([7, 64, 500]))
def test_ranks_share_the_sequences(packed_of, tokens_of, length, batch_size, world, rows):
    ranks = [
        packed_of(length, batch_size, rows=rows, rank=rank, world_size=world, drop_last=False) for rank in range(world)
    ]
    steps = itertools.zip_longest(*ranks, fillvalue={"labels": torch.tensor([], dtype=torch.int64)})
    assert flat(batch for step in steps for batch in step) == tokens_of()


@settings(max_examples=20)
@given(data=st.data())
def test_a_saved_place_goes_on_with_the_next_token_in_any_topology(packed_of, tokens_of, data):
    sizes = st.tuples(st.integers(1, 60), st.integers(1, 5), st.sampled_from([1, 2, 3]))
    (length, size, world), (other, other_size, other_world) = data.draw(sizes), data.draw(sizes)
    ranks = [packed_of(length, size, rank=rank, world_size=world) for rank in range(world)]
    most = len(tokens_of()) // (length * size * world)
    steps = data.draw(st.integers(1, most - 1))
    before = list(zip(*(itertools.islice(rank, steps) for rank in ranks), strict=True))
    states = [batch.state for batch in before[-1]]
    assert states.count(states[0]) == world
    assert len(json.dumps(states[0])) < 200
    after = [
        packed_of(other, other_size, rows=13, rank=rank, world_size=other_world, drop_last=False)
        for rank in range(other_world)
    ]
    for rank in after:
        rank.load_state_dict(json.loads(json.dumps(states[0])))
    rest = itertools.zip_longest(*after, fillvalue={"labels": torch.tensor([], dtype=torch.int64)})
    assert flat(itertools.chain(*before, *rest)) == tokens_of()
    assert after[0].state_dict()["epoch"] == 1


def test_several_ranks_drop_a_short_last_step_alike(packed_of, tokens_of):
    ranks = [list(packed_of(40, 5, rank=rank, world_size=2)) for rank in range(2)]
    whole = len(tokens_of()) // 400
    assert [len(batches) for batches in ranks] == [whole, whole]
    assert ranks[0][-1].state == ranks[1][-1].state
    assert (ranks[0][-1].state["epoch"], ranks[0][-1].state["skip"]) == (1, 0)


def test_ranks_of_torch_distributed_are_picked_up(packed_of, stream_of, tokens_of):
    torch.distributed.init_process_group("fake", store=FakeStore(), rank=1, world_size=3)
    try:
        packed = packed_of(10, 2)
        with pytest.raises(InvalidInput, match="rank=0, world_size=1"):
            PackedStream(stream_of(batch_size=8), tokenize, length=8, end=END, batch_size=1)
    finally:
        torch.distributed.destroy_process_group()
    assert flat(itertools.islice(packed, 2)) == [*tokens_of()[20:40], *tokens_of()[80:100]]


def test_after_a_break_the_next_loop_goes_on(packed_of, tokens_of):
    packed, read = packed_of(32, 4), []
    for taken in (1, 3, None):
        read += itertools.islice(packed, taken)
    assert flat(read) == tokens_of()
    packed.set_epoch(0)
    assert flat(itertools.islice(packed, 2)) == tokens_of()[:256]
    packed.set_epoch(0)
    assert flat(itertools.islice(packed, 1)) == tokens_of()[256:384]


@pytest.mark.filterwarnings("ignore:'set_vital' is deprecated")
@pytest.mark.parametrize("taken", [1, 5])
def test_a_stateful_loader_saves_and_loads_it(packed_of, tokens_of, taken):
    loader = StatefulDataLoader(packed_of(32, 4), batch_size=None)
    before = list(itertools.islice(loader, taken))
    state = loader.state_dict()
    other = StatefulDataLoader(packed_of(32, 4), batch_size=None)
    other.load_state_dict(state)
    assert flat([*before, *other]) == tokens_of()
    assert flat(other) == tokens_of(1)


def test_what_cannot_be_packed_is_refused(packed_of, stream_of):
    with pytest.raises(InvalidInput, match="rank=0, world_size=1"):
        PackedStream(stream_of(batch_size=8, rank=0, world_size=2), tokenize, length=8, end=END, batch_size=1)
    with pytest.raises(InvalidInput, match="length must be 1"):
        packed_of(0, 4)
    with pytest.raises(InvalidInput, match="fewer tokens"):
        next(iter(packed_of(10_000, 10, drop_last=True)))
    with pytest.raises(InvalidInput, match="num_workers=0"):
        next(iter(DataLoader(packed_of(8, 2), batch_size=None, num_workers=1)))


def test_a_state_of_something_else_is_refused(packed_of, stream_of, data):
    packed = packed_of(8, 2)
    state = next(iter(packed)).state
    with pytest.raises(InvalidInput, match="skip"):
        packed.load_state_dict(stream_of(batch_size=4).state_dict())
    with pytest.raises(InvalidInput, match="0 or more"):
        packed.load_state_dict(state | {"skip": -1})
    for skip in (15, 10**6):
        packed.load_state_dict(state | {"skip": skip})
        with pytest.raises(InvalidInput, match="another tokenizer"):
            next(iter(packed))
    other = AugmentedStream(data, "notes", seed=2, local=True, batch_size=4, rank=0, world_size=1)
    with pytest.raises(CursorMismatch):
        PackedStream(other, tokenize, length=8, end=END, batch_size=2).load_state_dict(state)
