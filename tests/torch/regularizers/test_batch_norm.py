from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.func import functional_call, stack_module_state, vmap

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import MaskedBatchNorm1d

FEATURES = 5


def texts(rows=4, tokens=7, seed=0, dtype=torch.float64):
    """Features [rows, tokens, FEATURES] far from zero, and a mask of at least three tokens."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(rows, tokens, FEATURES, generator=generator, dtype=dtype) * 3 + 10
    mask = torch.rand(rows, tokens, generator=generator) < 0.6
    mask.view(-1)[:3] = True
    return x, mask


def pair(**options):
    """Ours and torch's, with the same affine parameters."""
    ours = MaskedBatchNorm1d(FEATURES, dtype=torch.float64, **options)
    twin = nn.BatchNorm1d(FEATURES, dtype=torch.float64, **options)
    if ours.affine:
        for parameter in ours.parameters():
            nn.init.normal_(parameter)
    twin.load_state_dict(ours.state_dict())
    return ours, twin


@settings(deadline=None, max_examples=40)
@given(
    rows=st.integers(1, 5),
    tokens=st.integers(3, 9),
    seed=st.integers(0, 1000),
    momentum=st.sampled_from([0.1, 1.0, None]),
    affine=st.booleans(),
    tracked=st.booleans(),
)
def test_it_is_torchs_own_over_the_gathered_tokens(rows, tokens, seed, momentum, affine, tracked):
    ours, twin = pair(momentum=momentum, affine=affine, track_running_stats=tracked)
    for step in range(3):
        x, mask = texts(rows, tokens, seed + step)
        torch.testing.assert_close(ours(x, mask)[mask], twin(x[mask]))
    torch.testing.assert_close(ours.state_dict(), twin.state_dict())
    ours.eval(), twin.eval()
    torch.testing.assert_close(ours(x, mask)[mask], twin(x[mask]))
    torch.testing.assert_close(ours.state_dict(), twin.state_dict())


@pytest.mark.parametrize("training", [True, False])
def test_gradients_are_torchs_own(training):
    ours, twin = pair()
    ours.train(training), twin.train(training)
    x, mask = texts()
    one, other = x.clone().requires_grad_(), x.clone().requires_grad_()
    ours(one, mask)[mask].sin().sum().backward()
    twin(other[mask]).sin().sum().backward()
    torch.testing.assert_close(one.grad, other.grad)
    torch.testing.assert_close([p.grad for p in ours.parameters()], [p.grad for p in twin.parameters()])


def test_gradients_are_those_of_finite_differences():
    ours, _ = pair(track_running_stats=False)
    x, mask = texts(2, 4)
    x.requires_grad_()
    assert torch.autograd.gradcheck(lambda x: ours(x, mask), (x,))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("padding", [float("nan"), float("inf"), 1e30])
def test_what_stands_in_the_padding_changes_nothing(training, padding):
    ours, _ = pair()
    clean = deepcopy(ours)
    x, mask = texts()
    dirty = x.masked_fill(~mask.unsqueeze(-1), padding).requires_grad_()
    out, expected = ours.train(training)(dirty, mask), clean.train(training)(x, mask)
    assert torch.equal(out, expected)
    assert not out[~mask].any()
    out.sin().sum().backward()
    assert dirty.grad.isfinite().all()
    assert not dirty.grad[~mask].any()
    torch.testing.assert_close(ours.state_dict(), clean.state_dict(), rtol=0, atol=0)
    assert all(parameter.grad.isfinite().all() for parameter in ours.parameters())


@pytest.mark.parametrize("training", [True, False])
def test_compiled_it_is_the_same(training):
    ours, _ = pair()
    graph = deepcopy(ours)
    graph.compile(fullgraph=True, backend="aot_eager")
    x, mask = texts()
    x[~mask] = float("nan")
    outs, gradients = [], []
    for module in (ours, graph):
        inputs = x.clone().requires_grad_()
        outs.append(module.train(training)(inputs, mask))
        outs[-1].sin().sum().backward()
        gradients.append([inputs.grad, *(parameter.grad for parameter in module.parameters())])
    torch.testing.assert_close(outs[1], outs[0])
    torch.testing.assert_close(gradients[1], gradients[0])
    torch.testing.assert_close(graph.state_dict(), ours.state_dict())


@pytest.mark.parametrize("momentum", [0.1, None])
@pytest.mark.parametrize("count", [0, 1])
def test_a_batch_without_two_tokens_leaves_the_statistics_alone(momentum, count):
    ours, _ = pair(momentum=momentum)
    ours(*texts())
    before = deepcopy(ours.state_dict())
    x, mask = texts()
    mask[:] = False
    mask.view(-1)[:count] = True
    out = ours(x, mask)
    assert out.isfinite().all()
    torch.testing.assert_close(out[mask], ours.bias.expand(count, -1))
    torch.testing.assert_close(ours.state_dict(), before, rtol=0, atol=0)


def test_without_a_mask_every_token_counts_and_one_of_integers_is_as_good():
    ours, twin = pair()
    x, mask = texts()
    torch.testing.assert_close(ours(x), twin(x.flatten(0, 1)).view_as(x))
    assert torch.equal(ours(x, mask), ours(x, mask.long()))
    torch.testing.assert_close(ours(x[0]), twin(x[0]))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_statistics_of_half_precision_are_taken_in_single(dtype):
    ours, twin = MaskedBatchNorm1d(FEATURES), nn.BatchNorm1d(FEATURES)
    x = (torch.randn(32, 64, FEATURES) * 30 + 200).to(dtype)
    out = ours(x)
    assert out.dtype == dtype
    torch.testing.assert_close(out.float(), twin(x.float().flatten(0, 1)).view_as(x), rtol=0.01, atol=0.01)
    torch.testing.assert_close(ours.running_var, twin.running_var, rtol=1e-5, atol=0)


def test_autocast_changes_no_statistics():
    ours, twin = MaskedBatchNorm1d(FEATURES), MaskedBatchNorm1d(FEATURES)
    x, mask = texts(dtype=torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        out = ours(x, mask)
    torch.testing.assert_close(out, twin(x, mask), rtol=0, atol=0)


@pytest.mark.parametrize("shape", [(0, 7, 5), (3, 0, 5), (5,)])
def test_batches_of_no_text_or_no_token_are_no_error(shape):
    norm = MaskedBatchNorm1d(FEATURES)
    assert norm(torch.ones(shape)).shape == norm.eval()(torch.ones(shape)).shape == shape
    assert norm.num_batches_tracked == 0


@pytest.mark.parametrize("momentum", [0.1, None])
def test_members_of_an_ensemble_run_under_vmap_as_alone(momentum):
    members = [MaskedBatchNorm1d(FEATURES, momentum=momentum, dtype=torch.float64) for _ in range(3)]
    parameters, buffers = stack_module_state(members)
    x = torch.stack([texts(seed=seed)[0] for seed in range(3)])
    mask = texts()[1]

    def ask(parameters, buffers, x):
        return functional_call(members[0], (parameters, buffers), (x, mask))

    for _ in range(2):
        together = vmap(ask)(parameters, buffers, x)
        torch.testing.assert_close(together, torch.stack([member(x[i], mask) for i, member in enumerate(members)]))
    for name, buffer in buffers.items():
        torch.testing.assert_close(buffer, torch.stack([member.state_dict()[name] for member in members]))


def test_ranks_with_different_numbers_of_tokens_normalize_as_one(on_ranks):
    ours, twin = pair()
    ours.synchronized = True
    x, mask = texts(6, 5)
    mask[4:] = False  # the second rank's: of its texts one has tokens
    part = (slice(0, 3), slice(3, 6))

    def rank(number):
        own = x[part[number]].clone().requires_grad_()
        out = ours(own, mask[part[number]])
        out.sin().sum().backward()
        evaluated = ours.eval()(own, mask[part[number]])
        return out.detach(), own.grad, ours.state_dict(), evaluated.detach()

    first, second = on_ranks(rank)
    whole = x.clone().requires_grad_()
    expected = twin(whole[mask])
    expected.sin().sum().backward()
    torch.testing.assert_close(torch.cat([first[0], second[0]])[mask], expected.detach())
    torch.testing.assert_close(torch.cat([first[1], second[1]]), whole.grad)
    torch.testing.assert_close(first[2], twin.state_dict())
    torch.testing.assert_close(second[2], first[2], rtol=0, atol=0)
    torch.testing.assert_close(torch.cat([first[3], second[3]])[mask], twin.eval()(x[mask]).detach())


def test_synchronized_without_a_group_it_is_as_before():
    ours, twin = pair()
    ours.synchronized = True
    x, mask = texts()
    torch.testing.assert_close(ours(x, mask)[mask], twin(x[mask]))


def test_torchs_own_over_ranks_still_refuses_the_cpu(on_ranks):
    def rank(_):
        with pytest.raises(ValueError, match="GPU"):
            nn.SyncBatchNorm(FEATURES)(torch.randn(3, FEATURES))
        return True

    assert on_ranks(rank) == [True, True]


@pytest.mark.parametrize(
    ("shape", "mask"),
    [
        ((2, 3, 4), torch.ones(2, 3, dtype=torch.bool)),  # not FEATURES
        ((2, 3, 5), torch.ones(2, 4, dtype=torch.bool)),
        ((2, 3, 5), torch.ones(2, 3, 5, dtype=torch.bool)),
        ((2, 3, 5), torch.ones(2, 3)),  # additive masks are floats, and mean the contrary
    ],
)
def test_other_shapes_and_masks_of_floats_are_refused(shape, mask):
    with pytest.raises(InvalidInput):
        MaskedBatchNorm1d(FEATURES)(torch.zeros(shape), mask)
