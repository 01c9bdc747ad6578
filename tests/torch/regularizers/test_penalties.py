"""Weight decay, proximal steps and zeros."""

from __future__ import annotations

import math
from copy import deepcopy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from transformers import LlamaConfig, LlamaModel

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import (
    DeepEnsemble,
    ElasticNet,
    MaskedBatchNorm1d,
    ProximalL1,
    sparsity,
    weight_decay_groups,
    weights,
)


class Tagger(nn.Module):
    """What most models have: embeddings, an RNN, attention, normalization, and weights used twice."""

    def __init__(self):
        super().__init__()
        self.embedding, self.rnn = nn.Embedding(11, 6), nn.GRU(6, 6, batch_first=True)
        self.attention, self.norm = nn.MultiheadAttention(6, 2, add_bias_kv=True), nn.LayerNorm(6)
        self.batch_norm, self.scale = MaskedBatchNorm1d(6), nn.Parameter(torch.ones(6))
        self.head, self.frozen = nn.Linear(6, 11), nn.Linear(2, 2).requires_grad_(requires_grad=False)
        self.head.weight = self.embedding.weight


DECAYED = {
    *("embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "attention.in_proj_weight"),
    "attention.out_proj.weight",
}


def names(model, parameters):
    return {name for name, p in model.named_parameters() for other in parameters if p is other}


def test_weights_are_decayed_and_biases_norms_and_vectors_not():
    model = Tagger()
    decayed, rest = weight_decay_groups(model, 0.1)
    assert names(model, decayed["params"]) == names(model, weights(model)) == DECAYED
    assert (decayed["weight_decay"], rest["weight_decay"]) == (0.1, 0.0)
    trained = {name for name, p in model.named_parameters() if p.requires_grad}
    assert names(model, rest["params"]) == trained - DECAYED
    assert len(decayed["params"]) + len(rest["params"]) == len(trained)


def test_so_it_is_in_an_ensemble_whose_vectors_are_stacked():
    class Layers(nn.Sequential):
        pass

    ensemble = DeepEnsemble([Layers(nn.Linear(3, 3), nn.LayerNorm(3), nn.Linear(3, 2)) for _ in range(2)])
    assert names(ensemble.module, weights(ensemble)) == {"0.weight", "2.weight"}


def test_vectors_of_members_are_no_weights():
    class Scaled(nn.Module):
        def __init__(self):
            super().__init__()
            self.v, self.layer = nn.Parameter(torch.ones(4)), nn.Linear(4, 4)

    ensemble = DeepEnsemble([Scaled() for _ in range(2)])
    assert names(ensemble.module, weights(ensemble)) == {"layer.weight"}
    assert names(ensemble.module, weights(nn.Sequential(ensemble))) == {"layer.weight"}
    decayed, rest = weight_decay_groups(ensemble, 0.1)
    assert names(ensemble.module, decayed["params"]) == {"layer.weight"}
    assert names(ensemble.module, rest["params"]) == {"v", "layer.bias"}


def test_normalization_of_hugging_face_is_known_by_its_name():
    config = LlamaConfig(vocab_size=9, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
    model = LlamaModel(config)
    assert {"norm" in name for name in names(model, weights(model))} == {False}


def test_adamw_decays_by_the_groups_and_leaves_the_rest():
    model = Tagger()
    before = deepcopy(dict(model.named_parameters()))
    optimizer = torch.optim.AdamW(weight_decay_groups(model, 0.5), lr=0.1)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter) if parameter.requires_grad else None
    optimizer.step()
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(parameter, before[name] * (0.95 if name in DECAYED else 1))


def test_groups_are_those_that_have_parameters():
    assert len(weight_decay_groups(nn.Linear(2, 2, bias=False), 0.1)) == 1
    with pytest.raises(InvalidInput, match="no parameter"):
        weight_decay_groups(nn.ReLU(), 0.1)
    with pytest.raises(InvalidInput, match="weight_decay"):
        weight_decay_groups(nn.Linear(2, 2), -0.1)


@given(
    values=st.lists(st.floats(-2, 2), min_size=1, max_size=20),
    lr=st.floats(0, 1),
    l1=st.floats(0, 3),
    l2=st.floats(0, 3),
)
def test_a_step_is_the_closed_form(values, lr, l1, l2):
    w = torch.tensor(values, dtype=torch.float64)
    ElasticNet([w], l1, l2).step(lr)
    for value, got in zip(values, w.tolist(), strict=True):
        assert got == pytest.approx(math.copysign(max(abs(value) - lr * l1, 0), value) / (1 + lr * l2), abs=1e-12)
        assert (got == 0) == (abs(value) <= lr * l1)


@given(value=st.floats(-2, 2), lr=st.floats(0.01, 1), l1=st.floats(0, 3), l2=st.floats(0, 3))
def test_a_step_minimizes_what_it_is_the_proximal_operator_of(value, lr, l1, l2):
    def objective(w):
        return (w - value) ** 2 / 2 + lr * (l1 * abs(w) + l2 / 2 * w**2)

    w = torch.tensor([value], dtype=torch.float64)
    ElasticNet([w], l1, l2).step(lr)
    assert all(objective(float(w)) <= objective(float(w) + step) + 1e-12 for step in (-0.1, -1e-3, 1e-3, 0.1))


def test_l1_finds_the_features_that_matter_and_zeroes_the_others():
    x = torch.randn(200, 20, dtype=torch.float64)
    model = nn.Linear(20, 1, bias=False, dtype=torch.float64)
    truth = torch.zeros(1, 20, dtype=torch.float64)
    truth[0, :3] = torch.tensor([2.0, -1.0, 1.5])
    optimizer, penalty = torch.optim.SGD(model.parameters(), lr=0.05), ProximalL1(weights(model), 0.1)
    for _ in range(300):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), x @ truth.T).backward()
        optimizer.step()
        penalty.step(optimizer.param_groups[0]["lr"])
    assert model.weight[0, :3].sign().tolist() == [1, -1, 1]
    assert sparsity(model).zeros == int((model.weight == 0).sum()) >= 15
    # the optimality condition of the lasso: where a weight is zero, the gradient is within the penalty
    gradient = torch.autograd.grad(nn.functional.mse_loss(model(x), x @ truth.T), model.weight)[0]
    assert (gradient[model.weight == 0].abs() <= 0.1).all()
    torch.testing.assert_close(gradient[model.weight != 0], -0.1 * model.weight[model.weight != 0].sign())


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_step_keeps_tensors_their_gradients_and_their_dtype(dtype):
    w = nn.Parameter(torch.tensor([0.05, -3.0], dtype=dtype))
    w.grad = torch.ones_like(w)
    ProximalL1([w], 1.0).step(torch.tensor(0.5))
    assert w.tolist() == [0.0, -2.5]
    assert w.grad.tolist() == [1, 1]
    assert w.requires_grad
    assert w.dtype == dtype


def test_parameters_are_left_alone_while_they_are_frozen_but_not_for_a_gradient_that_was_cleared():
    w = nn.Parameter(torch.tensor([1.0, -3.0]))
    penalty = ElasticNet([w], 1.0, 1.0)
    w.requires_grad_(requires_grad=False)
    penalty.step(0.5)
    assert w.tolist() == [1.0, -3.0]
    w.requires_grad_(requires_grad=True)
    penalty.step(1.0)
    assert w.tolist() == [0.0, -1.0]


@pytest.mark.parametrize("wrong", [([], 1, 1), ([torch.ones(1)], -1, 0), ([torch.ones(1)], 0, math.inf)])
def test_penalties_that_are_none_are_refused(wrong):
    with pytest.raises(InvalidInput):
        ElasticNet(*wrong)


def test_zeros_are_counted_by_name_and_shared_weights_once():
    model = Tagger()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1)
        model.embedding.weight[:2] = 0
        model.embedding.weight[2] = -0.0
    report = sparsity(model)
    assert report.by_name["embedding.weight"].zeros == report.zeros == 18
    assert report.by_name["embedding.weight"].share == pytest.approx(3 / 11)
    assert report.total == sum(parameter.numel() for parameter in model.parameters())
    assert str(report).splitlines()[0].split() == ["scale", "0.0%", "0", "of", "6"]
    assert sparsity(nn.ReLU()).share == 0
