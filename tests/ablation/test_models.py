from __future__ import annotations

from functools import partial

import pytest
import torch

from augsvc.ablation.families import BUILT_IN
from augsvc.ablation.words import padded
from augsvc.torch.regularizers import DeepEnsemble

VECTORS = torch.cat([torch.zeros(1, 8), torch.randn(20, 8, generator=torch.Generator().manual_seed(3))])
ROWS = [[1], [2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [12, 13, 14], [15, 16, 17, 18]]
MODELS = [partial(make, VECTORS, 3, batch_norm=norm) for make in BUILT_IN.values() for norm in (False, True)]


@pytest.fixture(params=MODELS, ids=[f"{name}-{norm}" for name in BUILT_IN for norm in ("plain", "batch_norm")])
def make(request):
    return request.param


def test_padding_changes_nothing(make):
    torch.manual_seed(0)
    model = make()
    model(*padded(ROWS))
    model.eval()
    alone = torch.cat([model(*padded([row])) for row in ROWS])
    torch.testing.assert_close(model(*padded(ROWS)), alone)


def test_an_ensemble_learns_in_one_pass_what_its_members_learn_alone(make):
    ensemble = DeepEnsemble.create(make, 2, seed=5)
    alone = DeepEnsemble.create(make, 2, seed=5, vectorised=False)
    targets = torch.tensor([0, 1, 2, 0])
    for model in (ensemble, alone):
        model.loss(torch.nn.functional.cross_entropy, model(*padded(ROWS)), targets).backward()
    for one, other in zip(ensemble.parameters(), alone.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad)


def test_word_vectors_are_not_trained(make):
    assert all(parameter.shape != VECTORS.shape for parameter in make().parameters() if parameter.requires_grad)
