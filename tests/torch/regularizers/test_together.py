"""All six in one plan: resumed in mid-epoch with the stream, and over two ranks."""

from __future__ import annotations

import io

import pytest
import torch
from torch.nn.parallel import DistributedDataParallel

from augsvc.torch.regularizers import load_plan

from .models import Averaging, ids_of

STEPS = 9
"""Nine batches of 32 are most of an epoch of 403 rows; eighteen reach into the next."""

PLAN = {
    "dropout": {"rate": 0.3, "kind": "linear", "steps": 12, "start": 0.1},
    "penalty": {"l1": 0.05, "l2": 0.1},
    "augmentation": {"pipeline": "eda", "seed": 5},
    "early_stopping": {"metric": "accuracy", "mode": "max", "patience": 100, "budget_seconds": 1e6},
    "average": {"kind": "ema", "decay": 0.9},
    "batch_norm": {},
    "label_smoothing": 0.1,
    "clip_norm": 0.5,
}
ENSEMBLES = {
    "deep": {"kind": "deep", "members": 3},
    "in_turn": {"kind": "deep", "members": 2, "vectorised": False},
    "snapshot": {"kind": "snapshot", "members": 2, "cycle_steps": 4},
}


class Run:
    """A training as it stands in one process: its plan's handle and its stream."""

    def __init__(self, plan, data, seed, **options):
        torch.manual_seed(seed)
        plan = load_plan(plan)
        self.training = plan.apply(Averaging, lr=0.01)
        self.model = self.training.model
        self.stream = plan.stream(data, "notes", batch_size=32, local=True, **options)

    def batches(self):
        while True:
            yield from self.stream

    def train(self, steps):
        for step, batch in zip(range(steps), self.batches(), strict=False):
            labels = torch.tensor(batch["label"])
            self.training.loss(self.model(ids_of(batch["text"])), labels).backward()
            self.training.step()
            if step % 4 == 3:
                self.training.epoch_end(self.accuracy(batch))
        return {"training": self.training.state_dict(), "stream": batch.state}

    def accuracy(self, batch):
        model = self.training.evaluated.eval()
        logits = model(ids_of(batch["text"]))
        self.model.train()
        return (logits.argmax(-1) == torch.tensor(batch["label"])).double().mean()

    def load(self, checkpoint):
        self.training.load_state_dict(checkpoint["training"])
        self.stream.load_state_dict(checkpoint["stream"])


def through_a_file(checkpoint):
    file = io.BytesIO()
    torch.save(checkpoint, file)
    return torch.load(io.BytesIO(file.getvalue()), weights_only=True)


def tensors_of(tree):
    """Every tensor and number of a nested state but times, with its place in it."""
    if isinstance(tree, dict):
        tree = {name: value for name, value in tree.items() if name != "seconds"}
        return [(f"{name}.{place}", leaf) for name, value in tree.items() for place, leaf in tensors_of(value)]
    if isinstance(tree, list | tuple):
        return [(f"{i}.{place}", leaf) for i, value in enumerate(tree) for place, leaf in tensors_of(value)]
    return [("", tree)]


def assert_same(one, other):
    for (place, leaf), (there, twin) in zip(tensors_of(one), tensors_of(other), strict=True):
        assert place == there
        assert torch.equal(leaf, twin) if isinstance(leaf, torch.Tensor) else leaf == twin, place


@pytest.mark.parametrize("ensemble", ENSEMBLES)
def test_a_training_resumed_in_mid_epoch_ends_as_one_without_a_break_to_the_bit(data, ensemble):
    plan = PLAN | {"ensemble": ENSEMBLES[ensemble]}
    whole = Run(plan, data, seed=0)
    checkpoint = through_a_file(whole.train(STEPS - 1))
    assert 0 < checkpoint["stream"]["position"] < whole.stream.rows
    expected = through_a_file(whole.train(STEPS + 1))
    assert expected["stream"]["epoch"] == 1
    resumed = Run(plan, data, seed=999)
    resumed.load(checkpoint)
    assert_same(resumed.train(STEPS + 1), expected)
    assert whole.training.stopping.best > 0
    assert whole.training.dropout.rate == pytest.approx(0.3)


def test_a_resume_without_the_state_of_generators_ends_elsewhere(data):
    whole = Run(PLAN, data, seed=0)
    checkpoint = through_a_file(whole.train(3))
    whole.train(3)
    resumed = Run(PLAN, data, seed=999)
    resumed.load(checkpoint)
    torch.manual_seed(999)
    resumed.train(3)
    assert not torch.equal(resumed.model.layers[0].weight, whole.model.layers[0].weight)


def on_a_rank(data, ensemble, rank):
    """Train until a metric that differs by rank says to stop: how long it took, and what came out."""
    plan = PLAN | {"ensemble": ensemble, "batch_norm": {"synchronized": not ensemble.get("vectorised", True)}}
    plan |= {"early_stopping": {"patience": 2}}
    run = Run(plan, data, seed=0, rank=rank, world_size=2)
    torch.manual_seed(rank)
    run.model = DistributedDataParallel(run.training.model)
    decisions, metrics = [], [[4.0, 3.0, 3.5, 1.0, 5.0, 9.0], [4.0, 1.0, 2.5, 2.0, 1.0, 0.5]][rank]
    for metric in metrics:
        run.train(2)
        decisions.append((run.training.epoch_end(metric), run.training.stopping.best))
    return decisions, run.training.finish([ids_of(["a dog ran home", "an old house"])]).state_dict()


@pytest.mark.parametrize("ensemble", ["deep", "in_turn"])
def test_two_ranks_decide_alike_and_end_with_the_same_weights(data, on_ranks, ensemble):
    (decisions, weights), (others, twins) = on_ranks(lambda rank: on_a_rank(data, ENSEMBLES[ensemble], rank))
    assert decisions == others
    assert [best for _, best in decisions] == [4.0, 2.0, 2.0, 1.5, 1.5, 1.5]
    assert [stop for stop, _ in decisions] == [False, False, False, False, False, True]
    assert_same(weights, twins)
