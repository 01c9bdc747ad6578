from __future__ import annotations

import pytest
import torch
from torch import nn

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import DeepEnsemble, SnapshotEnsemble, WeightAverage

from .models import Averaging, Counting


def weight_of(model):
    return next(model.parameters()).item()


def averaged(kind, weights, **settings):
    """The average after each of these weights, a step each."""
    model = nn.Linear(1, 1, bias=False)
    average, found = WeightAverage(model, kind, **settings), []
    for step, weight in enumerate(weights):
        nn.init.constant_(model.weight, weight)
        average.update(model, step)
        found.append(weight_of(average.model))
    return average, found


def test_swa_is_the_mean_from_its_start_on():
    average, found = averaged("swa", [9.0, 9.0, 1.0, 2.0, 3.0, 4.0], start=2)
    assert found[2:] == pytest.approx([1.0, 1.5, 2.0, 2.5])
    assert average.updates == 4


def test_an_update_every_so_many_steps():
    assert averaged("swa", [1.0, 9.0, 3.0, 9.0, 5.0], every=2)[1][-1] == pytest.approx(3.0)


def test_ema_forgets_as_its_decay_says_once_it_is_warm():
    weights, expected = [1.0, 2.0, 0.0, 4.0, 1.0], [1.0]
    for update, weight in enumerate(weights[1:], 1):
        decay = min(0.3, (1 + update) / (10 + update))
        expected.append(decay * expected[-1] + (1 - decay) * weight)
    assert averaged("ema", weights, decay=0.3)[1] == pytest.approx(expected)
    assert (1 + 1) / (10 + 1) < 0.3 < (1 + 4) / (10 + 4)


@pytest.mark.parametrize("kind", ["ema", "swa"])
def test_after_a_resume_the_average_is_the_same_to_the_bit(kind):
    weights = [0.3, 0.7, 0.11, 0.9, 0.2]
    whole, _ = averaged(kind, weights)
    first, _ = averaged(kind, weights[:3])
    model = nn.Linear(1, 1, bias=False)
    second = WeightAverage(model, kind)
    second.load_state_dict(first.state_dict())
    for step, weight in enumerate(weights[3:], 3):
        nn.init.constant_(model.weight, weight)
        second.update(model, step)
    assert weight_of(second.model) == weight_of(whole.model)


def test_an_average_has_the_running_statistics_of_the_model():
    model = Averaging()
    average = WeightAverage(model, "ema")
    model(torch.tensor([[1, 2, 3]]))
    average.update(model, 0)
    assert torch.equal(average.model.norm.running_mean, model.norm.running_mean)


@pytest.mark.parametrize("settings", [{"kind": "mean"}, {"decay": 1.5}, {"start": -1}, {"every": 0}])
def test_averages_out_of_range_are_refused(settings):
    with pytest.raises(InvalidInput):
        WeightAverage(nn.Linear(1, 1), **settings)


def train_in_cycles(model, snapshots, optimizer, steps):
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        model.zero_grad()
        model(torch.ones(1, 1)).square().sum().backward()
        optimizer.step()
        snapshots.step(model)
    return rates


def cyclic(cycle_steps=4, members=None):
    model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return model, SnapshotEnsemble(optimizer, cycle_steps, members), optimizer


def test_the_learning_rate_is_a_cosine_that_begins_again():
    model, snapshots, optimizer = cyclic()
    rates = train_in_cycles(model, snapshots, optimizer, 8)
    assert rates[:4] == rates[4:]
    assert rates[:4] == pytest.approx([0.1 * (1 + torch.tensor(torch.pi * t / 4).cos().item()) / 2 for t in range(4)])


def test_snapshots_are_the_weights_at_the_ends_of_the_last_cycles():
    model, snapshots, optimizer = cyclic(members=2)
    ends = []
    for _ in range(3):
        train_in_cycles(model, snapshots, optimizer, 4)
        ends.append(model.weight.detach().clone())
    train_in_cycles(model, snapshots, optimizer, 2)
    ensemble = snapshots.ensemble(model)
    assert isinstance(ensemble, DeepEnsemble)
    assert torch.equal(ensemble.module.weight, torch.stack(ends[1:]))


def test_snapshots_have_what_is_no_tensor_as_well():
    model = Counting()
    snapshots = SnapshotEnsemble(torch.optim.SGD(model.parameters(), lr=0.1), 2)
    train_in_cycles(model, snapshots, torch.optim.SGD(model.parameters(), lr=0.1), 2)
    model.seen[0] = 5
    assert snapshots.ensemble(model).module.seen == [0]


def test_cycles_go_on_after_a_resume():
    model, snapshots, optimizer = cyclic()
    whole = train_in_cycles(model, snapshots, optimizer, 10)
    model, snapshots, optimizer = cyclic()
    rates = train_in_cycles(model, snapshots, optimizer, 6)
    other, resumed, again = cyclic()
    other.load_state_dict(model.state_dict())
    again.load_state_dict(optimizer.state_dict())
    resumed.load_state_dict(snapshots.state_dict())
    assert rates + train_in_cycles(other, resumed, again, 4) == whole
    assert resumed.count == 2


def test_without_a_snapshot_there_is_no_ensemble():
    model, snapshots, _ = cyclic()
    with pytest.raises(InvalidInput):
        snapshots.ensemble(model)
    with pytest.raises(InvalidInput):
        cyclic(cycle_steps=0)
