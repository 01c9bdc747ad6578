from __future__ import annotations

import pickle
import time

import pytest
import torch
from torch.utils.data import DataLoader
from torch.utils.data._utils.pin_memory import pin_memory
from torchdata.stateful_dataloader import StatefulDataLoader

from augsvc.errors import InvalidInput
from augsvc.torch.progress import Progress
from augsvc.torch.receipt import Deliveries, Receipt

pytestmark = [
    pytest.mark.filterwarnings("ignore:This DataLoader will create"),
    # Python 3.12 and later warn of what the tests are about: processes forked beside the threads of libraries.
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:'set_vital' is deprecated"),  # by torchdata 0.11 under torch 2.13
]


def rows_of(batches):
    return [row for batch in batches for row in zip(batch["_position"], batch["text"], strict=True)]


@pytest.fixture(scope="module")
def epochs(stream_of):
    """The rows of epochs 0, 1, 2 and 3."""
    stream = stream_of(batch_size=20)
    return [rows_of(stream) for _ in range(4)]


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_workers_change_nothing(stream_of, workers):
    loader = DataLoader(stream_of(batch_size=20, rank=1, world_size=3), batch_size=None, num_workers=workers)
    alone = list(stream_of(batch_size=20, rank=1, world_size=3))
    batches = list(loader)
    assert batches == alone
    assert [batch.state for batch in batches] == [batch.state for batch in alone]


@pytest.mark.parametrize("persistent", [False, True])
def test_the_epoch_advances_once_after_the_last_worker(stream_of, epochs, persistent):
    stream = stream_of(batch_size=20)
    loader = DataLoader(stream, batch_size=None, num_workers=2, persistent_workers=persistent)
    assert [rows_of(loader) for _ in range(3)] == epochs[:3]
    assert stream.state_dict()["epoch"] == 3


def test_setting_the_epoch_reaches_live_workers(stream_of, epochs):
    stream = stream_of(batch_size=20)
    loader = DataLoader(stream, batch_size=None, num_workers=2, persistent_workers=True)
    for epoch in (2, 0, 3, 3):
        stream.set_epoch(epoch)
        assert rows_of(loader) == epochs[epoch]


def test_a_pass_has_one_epoch_even_if_another_is_set_while_workers_start(stream_of, epochs):
    stream = stream_of(batch_size=20)
    batches = iter(DataLoader(stream, batch_size=None, num_workers=4))
    first = next(batches)
    stream.set_epoch(2)
    assert rows_of([first, *batches]) == epochs[0]
    assert stream.state_dict()["epoch"] == 2


def first(batches, steps):
    """The rows of a loop's first steps, which it leaves by a `break`."""
    rows = []
    for step, batch in enumerate(batches):
        rows += rows_of([batch])
        if step == steps - 1:
            break
    return rows


@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_after_a_break_the_next_loop_goes_on(stream_of, epochs, workers, persistent):
    stream = stream_of(batch_size=20)
    loader = DataLoader(stream, batch_size=None, num_workers=workers, persistent_workers=persistent)
    assert first(loader, 5) == epochs[0][:100]
    assert len(stream) == 21
    assert first(loader, 1) == epochs[0][100:120]
    assert len(stream) == 16
    assert rows_of(loader) == epochs[0][120:]
    assert len(stream) == 21
    assert rows_of(loader) == epochs[1]


@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize("steps", [19, 21])
def test_a_break_near_the_end_loses_nothing_that_workers_have_read(stream_of, epochs, persistent, steps):
    stream = stream_of(batch_size=20)
    loader = DataLoader(stream, batch_size=None, num_workers=2, persistent_workers=persistent, prefetch_factor=16)
    assert first((time.sleep(0.02) or batch for batch in loader), steps) == epochs[0][: 20 * steps]
    assert rows_of(loader) == (epochs[0][20 * steps :] or epochs[1])


def test_after_a_break_a_batch_says_where_to_go_on(stream_of, epochs):
    stream = stream_of(batch_size=20)
    loader = DataLoader(stream, batch_size=None, num_workers=2, persistent_workers=True)
    batch = [batch for _, batch in zip(range(5), loader, strict=False)][1]
    assert rows_of(loader) == epochs[0]
    stream.load_state_dict(batch.state)
    assert rows_of(DataLoader(stream, batch_size=None, num_workers=1)) == epochs[0][40:]
    assert rows_of(loader) == epochs[1]


def test_a_batch_counts_once_a_column_is_taken_however(stream_of):
    ways = (lambda b: b["text"], dict, lambda b: b.get("text"), list, lambda b: [*b.values()], lambda b: {**b})
    for take in ways:
        stream = stream_of(batch_size=20)
        for batch in DataLoader(stream, batch_size=None, num_workers=1):
            assert stream.state_dict()["position"] == 0
            take(batch)
            break
        assert stream.state_dict() == batch.state


def test_a_loop_that_looks_at_few_batches_reads_the_epoch_too(stream_of, epochs):
    loader = DataLoader(stream_of(batch_size=20), batch_size=None, num_workers=2)
    batches = iter(loader)
    next(batches)["text"]
    left = list(batches)
    assert rows_of(loader) == epochs[1]
    assert rows_of(left) == epochs[0][20:]
    assert rows_of(loader) == epochs[2]


def test_a_break_leaves_what_a_loader_had_pinned(stream_of):
    stream = stream_of(batch_size=20)
    batches = iter(DataLoader(stream, batch_size=None, num_workers=1))
    pinned = pin_memory(next(batches))
    assert stream.state_dict()["position"] == 0
    assert len(pinned["text"]) == 20
    assert stream.state_dict() == pinned.state


def test_spawned_workers_share_the_epoch_too(stream_of, epochs):
    stream = stream_of(batch_size=20)
    loader = DataLoader(
        stream, batch_size=None, num_workers=1, multiprocessing_context="spawn", persistent_workers=True
    )
    stream.set_epoch(1)
    assert rows_of(loader) == epochs[1]
    assert rows_of(loader) == epochs[2]


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("seen", [0, 1, 7, 20])
def test_a_stateful_loader_goes_on_in_mid_epoch(stream_of, epochs, workers, seen):
    loader = StatefulDataLoader(stream_of(batch_size=20), batch_size=None, num_workers=workers)
    batches = iter(loader)
    before = [next(batches) for _ in range(seen)]
    state = loader.state_dict()
    del batches
    resumed = StatefulDataLoader(stream_of(batch_size=20), batch_size=None, num_workers=workers)
    resumed.load_state_dict(state)
    assert rows_of(before) + rows_of(resumed) == epochs[0]
    assert rows_of(resumed) == epochs[1]


@pytest.mark.parametrize("workers", [0, 1])
def test_a_loader_that_would_batch_the_batches_is_refused(stream_of, workers):
    with pytest.raises(InvalidInput, match="batch_size=None"):
        next(iter(DataLoader(stream_of(batch_size=8), num_workers=workers)))


def receipt(progress, place, step, last):
    return pickle.dumps(Receipt(progress.name, progress.ticket, place, step, last, 10 * (step + 1)))


class Worker:
    """What a worker process knows of itself."""

    def __init__(self, number, num_workers, base_seed):
        self.id, self.num_workers, self.seed = number, num_workers, base_seed + number


def test_a_late_worker_joins_the_pass_of_its_iterator():
    progress = Progress()
    early, late = Worker(0, 2, 100), Worker(1, 2, 100)
    begun = progress.join(early)
    progress.move(7, 40)
    assert progress.join(late) == begun
    deliveries = Deliveries(progress)
    deliveries.had(pickle.loads(receipt(progress, begun, 0, 0)))
    assert progress.place == (7, 40, 40)
    assert progress.join(early) == progress.join(late) == (7, 40, 40)


@pytest.mark.parametrize(("steps", "after"), [(4, 0), (20, 0), (21, 1)])
def test_the_epoch_is_over_once_the_loop_has_its_last_batch(stream_of, epochs, steps, after):
    stream = stream_of(batch_size=20)
    loader = DataLoader(stream, batch_size=None, num_workers=1)
    for _ in zip(range(steps), loader, strict=False):
        time.sleep(0.01)  # the worker reads ahead, to its end at last
    assert stream.state_dict()["epoch"] == after
    assert rows_of(loader) == epochs[after]


def test_a_pass_is_over_once_all_its_steps_have_come_whatever_their_order():
    progress = Progress()
    deliveries = Deliveries(progress)
    begun = progress.join(Worker(0, 2, 100))
    steps = [receipt(progress, begun, step, 4) for step in range(5)]
    come = {step: pickle.loads(steps[step]) for step in (0, 2, 4, 1)}
    assert progress.place.epoch == 0
    come[3] = pickle.loads(steps[3])
    assert progress.place == (1, 0, 0)
    come[1].redeem()
    assert progress.place == (1, 0, 0)
    for step in (3, 4):
        come[step].redeem()
        assert progress.place == [(0, 40, 0), (1, 0, 0)][step - 3]
    deliveries.had(come[3])
    assert progress.place == (1, 0, 0)


def test_a_thread_that_pins_memory_reads_for_nobody():
    progress = Progress()
    deliveries = Deliveries(progress)
    begun = progress.join(Worker(0, 1, 100))
    steps = [receipt(progress, begun, step, 2) for step in range(3)]

    def _pin_memory_loop(steps):
        come.extend(map(pickle.loads, steps))

    come = []
    _pin_memory_loop(steps[:1])
    deliveries.had(come[0])
    _pin_memory_loop(steps[1:])
    assert progress.place == (0, 10, 0)
    deliveries.had(come[2])
    assert progress.place == (1, 0, 0)


def test_a_break_loses_nothing_of_an_epoch_that_workers_have_read_to_its_end(stream_of, epochs):
    stream = stream_of(batch_size=20)
    loader = DataLoader(stream, batch_size=None, num_workers=2, prefetch_factor=16)
    states = []
    for batch, _ in zip(loader, range(2), strict=False):
        states.append(batch.state)
        time.sleep(0.2)
    assert stream.state_dict()["epoch"] == 0
    stream.load_state_dict(states[1])
    assert rows_of(loader) == epochs[0][40:]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_pass_without_a_step_is_over_at_once(stream_of, epochs, workers):
    stream = stream_of(batch_size=20, drop_last=True)
    loader = DataLoader(stream, batch_size=None, num_workers=workers)
    stream.load_state_dict({"v": 1, "view_id": stream.view_id, "epoch": 0, "position": 400})
    assert rows_of(loader) == []
    assert rows_of(loader) == epochs[1][:400]


def test_an_iterator_with_the_same_seed_is_a_new_pass(stream_of, epochs):
    loader = DataLoader(stream_of(batch_size=20), batch_size=None, num_workers=2, generator=torch.Generator())
    for epoch in (0, 1):
        loader.generator.manual_seed(5)
        assert rows_of(loader) == epochs[epoch]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_stateful_loader_keeps_the_length_of_the_pass_it_goes_on_with(stream_of, workers):
    loader = StatefulDataLoader(stream_of(batch_size=20), batch_size=None, num_workers=workers)
    batches = iter(loader)
    for _ in range(7):
        next(batches)
    resumed = StatefulDataLoader(stream_of(batch_size=20), batch_size=None, num_workers=workers)
    resumed.load_state_dict(loader.state_dict())
    next(iter(resumed))
    assert len(resumed) == 21


def test_a_stateful_loader_goes_on_under_a_new_topology_by_a_batchs_state(stream_of, epochs):
    loader = StatefulDataLoader(stream_of(batch_size=20), batch_size=None, num_workers=2)
    before = [batch for _, batch in zip(range(5), loader, strict=False)]
    ranks = [stream_of(batch_size=7, rank=rank, world_size=3, drop_last=False) for rank in range(3)]
    for rank in ranks:
        rank.load_state_dict(before[-1].state)
    after = [row for rank in ranks for row in rows_of(StatefulDataLoader(rank, batch_size=None, num_workers=1))]
    assert rows_of(before) + sorted(after) == epochs[0]
