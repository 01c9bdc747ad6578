"""The parts in one model, under the transforms of torch.func."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.func import functional_call, grad, replace_all_batch_norm_modules_, vmap

from augsvc.torch.regularizers import (
    DeepEnsemble,
    DropoutSchedule,
    EmbeddingDropout,
    LockedDropout,
    MaskedBatchNorm1d,
    ProximalL1,
    WordDropout,
    r_drop,
    recalibrate,
    sparsity,
    weight_decay_groups,
    weights,
)

PADDING, UNKNOWN = 0, 1


class Reader(nn.Module):
    """Every module of this package that an ensemble can have."""

    def __init__(self):
        super().__init__()
        self.embedding, self.words = nn.Embedding(30, 8), WordDropout(0.3, UNKNOWN, keep=[PADDING])
        self.vectors, self.features = EmbeddingDropout(0.3), LockedDropout(0.3)
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.3, batch_first=True)
        self.norm, self.head = MaskedBatchNorm1d(8), nn.Linear(8, 3)

    def forward(self, ids):
        mask = ids != PADDING
        x = self.vectors(self.embedding, self.words(ids))
        x = self.norm(self.features(self.layer(x, src_key_padding_mask=~mask)), mask)
        return self.head(x.sum(1) / mask.sum(1, keepdim=True))


def batch():
    ids = torch.randint(2, 30, (6, 7)).masked_fill(torch.arange(7) >= torch.arange(2, 8).unsqueeze(1), PADDING)
    return ids, torch.randint(0, 3, (6,))


def test_an_ensemble_of_them_learns_in_one_pass_with_draws_of_its_members_own():
    ensemble = DeepEnsemble.create(Reader, 3, seed=1)
    schedule = DropoutSchedule(ensemble, 0.2, kind="linear", steps=5, start=0.4)
    optimizer = torch.optim.AdamW(weight_decay_groups(ensemble, 0.1), lr=0.01)
    penalty = ProximalL1(weights(ensemble), 0.3)
    ids, targets = batch()
    for _ in range(5):
        optimizer.zero_grad()
        passes = ensemble(ids), ensemble(ids)
        torch.stack([r_drop(a, b, targets) for a, b in zip(*passes, strict=True)]).sum().backward()
        optimizer.step(), penalty.step(0.01), schedule.step()
    statistics = ensemble.module.norm.running_mean
    assert not torch.equal(statistics[0], statistics[1])
    assert ensemble.module.norm.num_batches_tracked.tolist() == [10] * 3
    assert ensemble.module.words.p == pytest.approx(0.2)
    assert sparsity(ensemble).zeros > 0
    assert ensemble.predict(ids).mean.shape == (6, 3)


def test_members_that_begin_alike_differ_by_their_dropout():
    ensemble = DeepEnsemble([Reader()] * 2)
    ids, _ = batch()
    for part in ("words", "vectors", "features"):
        alone = DeepEnsemble([Reader()] * 2)
        for name, module in alone.module.named_modules():
            if isinstance(module, nn.Dropout | nn.Dropout1d):
                module.p = 0.5 if name == part else 0.0
        alone.module.layer.self_attn.dropout = 0.0
        one, other = alone(ids)
        assert not torch.allclose(one, other), part
    torch.testing.assert_close(*ensemble.eval()(ids))


def test_an_ensembles_statistics_are_recalibrated_each_by_its_own_weights():
    ensemble = DeepEnsemble.create(Reader, 2, seed=1)
    batches = [batch()[0] for _ in range(3)]
    members = [ensemble.member(index) for index in range(2)]
    recalibrate(ensemble, batches)
    for index, member in enumerate(members):
        recalibrate(member, batches)
        torch.testing.assert_close(ensemble.module.norm.running_var[index], member.norm.running_var)
    assert ensemble.training


@pytest.mark.parametrize("make", [lambda norm: norm, replace_all_batch_norm_modules_], ids=["option", "replaced"])
def test_gradients_of_each_row_are_taken_where_no_statistics_are_kept(make):
    norm = make(MaskedBatchNorm1d(4, track_running_stats=make is replace_all_batch_norm_modules_))
    x, mask = torch.randn(5, 6, 4), torch.arange(6) < 4

    def loss(weights, row):
        return functional_call(norm, weights, (row, mask)).sin().sum()

    together = vmap(grad(loss), (None, 0))(dict(norm.named_parameters()), x)
    for index, row in enumerate(x):
        alone = torch.autograd.grad(norm(row, mask).sin().sum(), list(norm.parameters()))
        torch.testing.assert_close([gradients[index] for gradients in together.values()], list(alone))


def test_second_derivatives_are_refused_and_not_wrong():
    x = torch.randn(5, 4, requires_grad=True)
    first = torch.autograd.grad(MaskedBatchNorm1d(4)(x).sin().sum(), x, create_graph=True)[0]
    with pytest.raises(RuntimeError, match="once_differentiable"):
        first.square().sum().backward()
