from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import monte_carlo


class Model(nn.Module):
    """Attention, dropout and batch normalization."""

    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(4, 2, dropout=0.5, batch_first=True)
        self.norm, self.drop, self.head = nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 3)
        self.modes = []

    def forward(self, x, scale=1.0):
        self.modes.append((self.norm.training, self.drop.training, self.attention.training))
        mixed = self.attention(x, x, x, need_weights=False)[0].mean(1)
        return self.head(self.drop(self.norm(mixed))) * scale


X = torch.randn(5, 3, 4)


def test_passes_differ_by_dropout_and_batch_normalization_keeps_its_statistics():
    model = Model().eval()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    prediction = monte_carlo(model, X, samples=7)
    assert prediction.probabilities.shape == (7, 5, 3)
    assert (prediction.variance > 0).all()
    assert model.modes == [(False, True, True)] * 7
    torch.testing.assert_close(model.state_dict(), before, rtol=0, atol=0)
    torch.testing.assert_close(prediction.mean, prediction.probabilities.mean(0))
    assert not prediction.probabilities.requires_grad


def test_each_module_is_left_in_its_mode_even_after_a_failure():
    model = Model()
    model.drop.eval()
    for inputs in (X, "nonsense"):
        try:
            monte_carlo(model, inputs, samples=1)
        except AttributeError:
            assert inputs == "nonsense"
        assert [m.training for m in (model, model.drop, model.norm)] == [True, False, True]


def test_inputs_come_by_place_or_name_and_answers_may_be_wrapped():
    model = Model()
    ways = [monte_carlo(model, inputs, 2, seed=1).mean for inputs in ((X, 2.0), [X, 2.0], {"x": X, "scale": 2.0})]
    assert torch.equal(ways[0], ways[1])
    assert torch.equal(ways[0], ways[2])

    class Wrapped(Model):
        def forward(self, x):
            return SimpleNamespace(logits=super().forward(x))

    assert monte_carlo(Wrapped(), X, 2).mean.shape == (5, 3)


def test_a_seed_repeats_the_draws_and_leaves_the_generator_alone():
    model, state = Model(), torch.get_rng_state()
    assert torch.equal(monte_carlo(model, X, 3, seed=1).mean, monte_carlo(model, X, 3, seed=1).mean)
    assert torch.equal(torch.get_rng_state(), state)
    assert not torch.equal(monte_carlo(model, X, 3).mean, monte_carlo(model, X, 3).mean)


def test_no_pass_is_refused():
    with pytest.raises(InvalidInput, match="at least 1"):
        monte_carlo(Model(), X, 0)
