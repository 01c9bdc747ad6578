from __future__ import annotations

import pytest
import torch
from torch import nn

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import MaskedBatchNorm1d, recalibrate


class Network(nn.Module):
    """Dropout, batch normalization with a mask, and a part that stays in evaluation mode."""

    def __init__(self, momentum=0.1):
        super().__init__()
        self.frozen = nn.Dropout(0.9).eval()
        self.drop = nn.Dropout(0.5)
        self.norm = MaskedBatchNorm1d(3, momentum=momentum)

    def forward(self, x, mask):
        return self.norm(self.drop(self.frozen(x)), mask)


def batches(count=4):
    return [(torch.randn(5, 6, 3) + i, torch.rand(5, 6) < 0.7) for i in range(count)]


@pytest.mark.parametrize("momentum", [0.1, None])
@pytest.mark.parametrize("training", [True, False])
def test_statistics_become_the_means_over_batches_without_dropout(momentum, training):
    network, data = Network(momentum), batches()
    network.train(training)
    network.frozen.eval()
    recalibrate(network, iter(data))
    tokens = [x[mask] for x, mask in data]
    torch.testing.assert_close(network.norm.running_mean, torch.stack([t.mean(0) for t in tokens]).mean(0))
    torch.testing.assert_close(network.norm.running_var, torch.stack([t.var(0) for t in tokens]).mean(0))
    assert network.norm.num_batches_tracked == len(data)
    assert [m.training for m in (network, network.drop, network.norm)] == [training] * 3
    assert not network.frozen.training
    assert network.norm.momentum == momentum


def test_batches_may_be_mappings_or_whatever_a_function_takes():
    network, data = Network(), batches(2)
    recalibrate(network, [{"x": x, "mask": mask} for x, mask in data])
    expected = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    recalibrate(network, data, lambda model, batch: model(batch[0], mask=batch[1]))
    torch.testing.assert_close(network.state_dict(), expected)


def test_a_model_that_fails_is_left_in_its_modes():
    network = Network()
    with pytest.raises(TypeError):
        recalibrate(network, [(1, 2, 3)])
    assert network.norm.momentum == 0.1
    assert network.drop.training
    assert not network.frozen.training


def test_a_pass_that_fails_leaves_the_statistics():
    network, data = Network(), batches()
    network(*data[0])
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    with pytest.raises(TypeError):
        recalibrate(network, [data[1], (1, 2, 3)])
    torch.testing.assert_close(network.state_dict(), before, atol=0, rtol=0)


def test_without_a_batch_statistics_stay():
    network = Network()
    network(*batches()[0])
    before = network.norm.running_mean.clone()
    with pytest.raises(InvalidInput, match="no batch"):
        recalibrate(network, [])
    assert torch.equal(network.norm.running_mean, before)


def test_without_batch_normalization_nothing_is_read():
    recalibrate(nn.Linear(2, 2), iter(lambda: pytest.fail("read"), None))
