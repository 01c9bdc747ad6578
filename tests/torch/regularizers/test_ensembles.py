from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import DeepEnsemble, recalibrate, set_dropout

from .models import PADDING, VOCABULARY, Averaging, Encoder, Tied

MODELS = [Averaging, Encoder, Tied]


def batch(rows=8, length=7, seed=0):
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(1, VOCABULARY, (rows, length), generator=generator)
    ids[::2, length // 2 :] = PADDING
    return ids, torch.randint(0, 5, (rows,), generator=generator)


def loss_of(logits, targets):
    return cross_entropy(logits if logits.ndim == 2 else logits[:, -1], targets)


def train(model, loss, steps=3):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1)
    for step in range(steps):
        optimizer.zero_grad()
        loss(*batch(seed=step)).backward()
        optimizer.step()


@pytest.mark.parametrize("make", MODELS)
@pytest.mark.parametrize("way", ["in one pass", "in one graph", "in turn"])
@pytest.mark.filterwarnings("ignore:.*should not be instantiated")  # torch's own tracer does, of autograd.Function
def test_members_are_what_they_would_be_alone_before_training_and_after(make, way):
    models = [make().double() for _ in range(3)]
    ensemble = DeepEnsemble(models, vectorised=way != "in turn")
    if way == "in one graph":
        ensemble.compile(fullgraph=True, backend="aot_eager")  # as the default backend, without a C++ compiler
    for model in [*models, ensemble]:
        set_dropout(model, 0.0)
    train(ensemble, lambda ids, targets: ensemble.loss(loss_of, ensemble(ids), targets))
    for index, model in enumerate(models):
        train(model, lambda ids, targets, model=model: loss_of(model(ids), targets))
        trained = ensemble.member(index).state_dict()
        for name, tensor in model.state_dict().items():
            torch.testing.assert_close(trained[name], tensor)
    ids, _ = batch()
    with torch.no_grad():
        alone = torch.stack([model.eval()(ids) for model in models])
        torch.testing.assert_close(ensemble.eval()(ids), alone)


def test_members_may_have_batches_of_their_own():
    ensemble = DeepEnsemble.create(Averaging, 3).eval()
    ids = torch.stack([batch(seed=member)[0] for member in range(3)])
    alone = torch.stack([ensemble.member(member).eval()(ids[member]) for member in range(3)])
    torch.testing.assert_close(ensemble.each(ids), alone)
    ensemble.vectorised = False
    torch.testing.assert_close(ensemble.each(ids), alone)


def test_targets_may_be_each_members_own():
    ensemble = DeepEnsemble.create(Averaging, 2)
    ids, targets = batch()
    logits, own = ensemble(ids), torch.stack([targets, (targets + 1) % 5])
    expected = cross_entropy(logits[0], own[0]) + cross_entropy(logits[1], own[1])
    assert ensemble.loss(cross_entropy, logits, own, each=True) == expected


def test_dropout_differs_between_members():
    model = nn.Sequential(nn.Linear(4, 64), nn.Dropout(0.5))
    ensemble = DeepEnsemble([model, deepcopy(model)])
    first, second = ensemble(torch.ones(1, 4)) == 0
    assert first.any()
    assert not torch.equal(first, second)


def test_the_first_weights_are_those_of_the_seed_and_no_others():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one, other, next_one = (DeepEnsemble.create(Averaging, 2, seed=seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(one.module.layers[0].weight, other.module.layers[0].weight)
    assert torch.equal(one.module.layers[0].weight[1], next_one.module.layers[0].weight[0])
    assert not torch.equal(one.module.layers[0].weight[0], one.module.layers[0].weight[1])


def test_each_members_gradient_is_clipped_by_its_own_norm():
    ensemble = DeepEnsemble.create(Averaging, 3)
    ids, targets = batch()
    ensemble.loss(lambda logits, targets: 100 * cross_entropy(logits, targets), ensemble(ids), targets).backward()
    before = [p.grad.clone() for p in ensemble.parameters()]
    norms = ensemble.clip_grad_norm_(1.0)
    for member in range(3):
        own = [nn.Parameter(torch.zeros_like(gradient[member])) for gradient in before]
        for parameter, gradient in zip(own, before, strict=True):
            parameter.grad = gradient[member].clone()
        torch.testing.assert_close(norms[member], nn.utils.clip_grad_norm_(own, 1.0))
        for parameter, clipped in zip(own, ensemble.parameters(), strict=True):
            torch.testing.assert_close(clipped.grad[member], parameter.grad)


def test_without_gradients_there_is_nothing_to_clip():
    assert DeepEnsemble.create(Averaging, 3).clip_grad_norm_(1.0).tolist() == [0.0] * 3


def with_frozen_vectors():
    model = Averaging()
    model.embedding.weight = nn.Parameter(torch.arange(VOCABULARY * 16.0).view(-1, 16), requires_grad=False)
    return model


def test_frozen_vectors_that_are_alike_are_kept_once():
    ensemble = DeepEnsemble.create(with_frozen_vectors, 3)
    assert ensemble.shared == {"embedding.weight"}
    assert ensemble.module.embedding.weight.shape == (VOCABULARY, 16)
    ids, _ = batch()
    assert torch.equal(ensemble.eval()(ids)[2], ensemble.member(2).eval()(ids))


@pytest.mark.parametrize("vectorised", [True, False])
def test_vectors_that_are_kept_once_cannot_be_trained(vectorised):
    ensemble = DeepEnsemble.create(with_frozen_vectors, 3, vectorised=vectorised)
    ensemble.requires_grad_(requires_grad=True)
    ids, _ = batch()
    for ask in (ensemble, lambda ids: ensemble.each(ids.expand(3, *ids.shape))):
        with pytest.raises(InvalidInput, match=r"share embedding\.weight, frozen"):
            ask(ids)
    assert len(ensemble.predict(ids).labels) == len(ids)


def test_its_state_goes_into_another_ensemble():
    ids, _ = batch()
    one, other = DeepEnsemble.create(Encoder, 2, seed=0), DeepEnsemble.create(Encoder, 2, seed=9)
    other.load_state_dict(one.state_dict())
    assert torch.equal(one.eval()(ids), other.eval()(ids))


def test_running_statistics_of_its_members_can_be_taken_again():
    ensemble = DeepEnsemble.create(Encoder, 2)
    alone = ensemble.member(1)
    batches = [batch(seed=seed)[0] for seed in range(3)]
    with ensemble.in_turn():
        recalibrate(ensemble, batches)
    recalibrate(alone, batches)
    assert ensemble.vectorised
    torch.testing.assert_close(ensemble.member(1).norm.running_var, alone.norm.running_var)


def test_predictions_are_made_in_evaluation_mode_and_leave_the_mode():
    ensemble = DeepEnsemble.create(Averaging, 4)
    ids, _ = batch()
    prediction = ensemble.predict(ids)
    assert torch.equal(prediction.probabilities, ensemble.predict(ids).probabilities)
    assert prediction.probabilities.shape == (4, 8, 5)
    assert ensemble.training
    assert not prediction.mean.requires_grad


def test_predictions_leave_what_is_frozen_in_its_mode():
    ensemble = DeepEnsemble.create(Averaging, 2)
    ensemble.module.norm.eval()
    ensemble.predict(batch()[0])
    assert ensemble.training
    assert not ensemble.module.norm.training


class Tempered(nn.Module):
    """A model with a parameter that is a number."""

    def __init__(self):
        super().__init__()
        self.temperature = nn.Parameter(torch.tensor(2.0))

    def forward(self, scores):
        return scores / self.temperature


def test_a_number_is_clipped_as_any_parameter():
    ensemble = DeepEnsemble.create(Tempered, 3)
    ensemble(torch.tensor([100.0])).sum().backward()
    norms = ensemble.clip_grad_norm_(1.0)
    torch.testing.assert_close(norms, torch.full((3,), 25.0))
    torch.testing.assert_close(ensemble.module.temperature.grad.abs(), torch.ones(3))


@pytest.mark.parametrize("models", [[], [nn.Linear(1, 1), nn.Linear(1, 2)], [nn.Linear(1, 1), nn.ReLU()]])
def test_what_is_no_ensemble_is_refused(models):
    with pytest.raises(InvalidInput, match="no ensemble"):
        DeepEnsemble(models)
