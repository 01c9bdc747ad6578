from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import EarlyStopping

from .models import Counting


def stopped_at(values, **settings):
    """The step at which training stops, and why."""
    stopping = EarlyStopping(**settings)
    for step, value in enumerate(values):
        if stopping.update(value, step):
            return step, stopping.reason
    return None, stopping.reason


def model_of(weight):
    model = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.constant_(model.weight, weight)
    return model


def test_it_waits_as_long_as_its_patience():
    losses = [3, 2, 1, 1.5, 0.9, 1.2, 1.1, 1.0]
    assert stopped_at(losses, patience=3) == (7, "patience")
    assert stopped_at(losses, patience=1) == (3, "patience")
    assert stopped_at(losses, patience=4) == (None, None)


def test_accuracy_is_better_the_higher():
    assert stopped_at([0.5, 0.6, 0.6, 0.55], metric="accuracy", mode="max", patience=2) == (3, "patience")


def test_an_improvement_must_exceed_min_delta():
    assert stopped_at([1.0, 0.95, 0.9, 0.85], min_delta=0.1, patience=2) == (2, "patience")
    assert stopped_at([1.0, 0.85, 0.7, 0.55], min_delta=0.1, patience=2) == (None, None)


def test_warmup_judges_nothing_but_what_is_not_finite():
    assert stopped_at([9, 9, 9, 9, 1, 1], warmup=4, patience=1, divergence=5) == (5, "patience")
    assert stopped_at([9, math.nan], warmup=4) == (1, "not_finite")


@pytest.mark.parametrize(
    ("settings", "values", "reason"),
    [
        ({"threshold": 0.9, "mode": "max"}, [0.5, 0.9], "threshold"),
        ({"threshold": 0.1}, [0.5, 0.1], "threshold"),
        ({"divergence": 5.0}, [5.0, 5.1], "diverged"),
        ({"divergence": 0.2, "mode": "max"}, [0.2, 0.1], "diverged"),
        ({}, [1.0, math.inf], "not_finite"),
    ],
)
def test_it_stops_for_a_reason(settings, values, reason):
    assert stopped_at(values, **settings) == (1, reason)


def test_the_budget_counts_the_time_of_earlier_runs():
    now = [100.0]
    first = EarlyStopping(budget_seconds=10, clock=lambda: now[0])
    now[0] += 8
    assert not first.update(1.0, 0)
    saved = first.state_dict()
    now[0] += 1_000
    second = EarlyStopping(budget_seconds=10, clock=lambda: now[0])
    second.load_state_dict(saved)
    now[0] += 1
    assert not second.update(0.9, 1)
    now[0] += 2
    assert second.update(0.8, 2)
    assert second.reason == "budget"


def test_it_gives_back_the_best_weights():
    stopping = EarlyStopping(patience=2)
    for step, (loss, weight) in enumerate([(3.0, 0.3), (1.0, 0.1), (2.0, 0.2), (4.0, 0.4)]):
        stopping.update(loss, step, model_of(weight))
    model = model_of(9.0)
    assert stopping.restore(model)
    assert model.weight.item() == pytest.approx(0.1)
    assert (stopping.best, stopping.best_step, stopping.reason) == (1.0, 1, "patience")


def test_weights_are_copied_and_kept_only_if_asked():
    model = model_of(0.1)
    kept, dropped = EarlyStopping(), EarlyStopping(restore_best=False)
    kept.update(1.0, 0, model), dropped.update(1.0, 0, model)
    with torch.no_grad():
        model.weight.fill_(5.0)
    assert not dropped.restore(model)
    assert kept.restore(model)
    assert model.weight.item() == pytest.approx(0.1)


def test_what_is_no_tensor_is_kept_as_well():
    model, stopping = Counting(), EarlyStopping()
    stopping.update(1.0, 0, model)
    model.seen[0] = 5
    assert stopping.restore(model)
    assert model.seen == [0]


@given(st.lists(st.floats(0, 10), min_size=1, max_size=20), st.integers(0, 19), st.integers(1, 4))
def test_after_a_resume_it_decides_as_if_nothing_had_happened(values, cut, patience):
    whole = EarlyStopping(patience=patience)
    expected = [whole.update(value, step, model_of(value)) for step, value in enumerate(values)]
    first = EarlyStopping(patience=patience)
    decided = [first.update(value, step, model_of(value)) for step, value in enumerate(values[:cut])]
    second = EarlyStopping(patience=patience)
    second.load_state_dict(first.state_dict())
    decided += [second.update(value, step, model_of(value)) for step, value in enumerate(values[cut:], len(decided))]
    assert decided == expected
    model, other = model_of(-1), model_of(-2)
    assert whole.restore(model)
    assert second.restore(other)
    assert torch.equal(model.weight, other.weight)


@pytest.mark.parametrize("settings", [{"mode": "up"}, {"patience": 0}, {"min_delta": -1}, {"warmup": -1}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(InvalidInput):
        EarlyStopping(**settings)


def decide(rank):
    """What a rank decides, whose metrics are its own: alone rank 0 would not stop."""
    own = [[5.0, 3.5, 3.0, 2.0, 1.5], [1.0, 0.5, 1.0, 2.0, 2.5]][rank]
    stopping = EarlyStopping(patience=3)
    return [(stopping.update(value, step), stopping.best, stopping.reason) for step, value in enumerate(own)]


def run_out_of_time(rank):
    """What ranks decide whose clocks differ: on rank 0 fifteen seconds have passed, on rank 1 none."""
    now = [0.0]
    stopping = EarlyStopping(budget_seconds=10, clock=lambda: now[0])
    now[0] = 0.0 if rank else 15.0
    return stopping.update(1.0, 0), stopping.reason


def see_nan(rank):
    """What a rank decides where the other's metric alone is no number."""
    stopping = EarlyStopping()
    return stopping.update(math.nan if rank else 1.0, 0), stopping.reason


def see_infinities(rank):
    """What a rank decides whose metric is infinite, and the other's with another sign."""
    stopping = EarlyStopping()
    return stopping.update(-math.inf if rank else math.inf, 0), stopping.reason


def test_ranks_decide_alike_on_the_mean_of_their_metrics(on_ranks):
    expected = [(False, 3.0, None), (False, 2.0, None), (False, 2.0, None), (False, 2.0, None), (True, 2.0, "patience")]
    assert on_ranks(decide) == [expected, expected]
    assert stopped_at([5.0, 3.5, 3.0, 2.0, 1.5]) == (None, None)


def test_ranks_go_by_the_clock_of_the_first(on_ranks):
    assert on_ranks(run_out_of_time) == [(True, "budget")] * 2


@pytest.mark.parametrize("see", [see_nan, see_infinities])
def test_every_rank_sees_what_is_not_finite(on_ranks, see):
    assert on_ranks(see) == [(True, "not_finite")] * 2
