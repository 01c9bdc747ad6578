"""Losses: R-Drop, consistency, contrast, and mix-up."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.func import vmap
from torch.nn import functional

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import consistency_loss, mix_up, r_drop, supervised_contrastive_loss

SEEDS = st.integers(0, 10_000)


def logits(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 2


def probabilities(row):
    total = sum(math.exp(x) for x in row)
    return [math.exp(x) / total for x in row]


def kl(p, q):
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


@given(seed=SEEDS, alpha=st.floats(0, 5))
def test_r_drop_is_the_cross_entropy_of_both_and_their_divergence(seed, alpha):
    a, b, targets = logits(seed, 4, 3), logits(seed + 1, 4, 3), [0, 2, 1, 2]
    by_hand = 0.0
    for one, other, target in zip(a.tolist(), b.tolist(), targets, strict=True):
        p, q = probabilities(one), probabilities(other)
        by_hand -= (math.log(p[target]) + math.log(q[target])) / 2
        by_hand += alpha * (kl(p, q) + kl(q, p)) / 2
    assert float(r_drop(a, b, torch.tensor(targets), alpha)) == pytest.approx(by_hand / 4)


def test_r_drop_of_tokens_does_not_see_padding():
    a, b, targets = logits(0, 2, 5, 3), logits(1, 2, 5, 3), torch.randint(0, 3, (2, 5))
    targets[0, 3:] = targets[1, 1:] = -100
    valid = targets != -100
    torch.testing.assert_close(r_drop(a, b, targets), r_drop(a[valid], b[valid], targets[valid]))
    smoothed = r_drop(a, b, targets, 0.0, label_smoothing=0.1)
    own = [functional.cross_entropy(x[valid], targets[valid], label_smoothing=0.1) for x in (a, b)]
    torch.testing.assert_close(smoothed, sum(own) / 2)


def test_passes_that_agree_cost_what_one_does():
    a, targets = logits(0, 4, 3), torch.tensor([0, 1, 2, 0])
    torch.testing.assert_close(r_drop(a, a, targets, 9.0), functional.cross_entropy(a, targets))


@given(seed=SEEDS, temperature=st.floats(0.2, 3), threshold=st.floats(0, 1))
def test_consistency_is_the_divergence_from_the_sharpened_original_where_it_is_sure(seed, temperature, threshold):
    original, augmented = logits(seed, 5, 3), logits(seed + 1, 5, 3)
    by_hand = 0.0
    for one, other in zip(original.tolist(), augmented.tolist(), strict=True):
        if max(probabilities(one)) > threshold:
            by_hand += kl(probabilities([x / temperature for x in one]), probabilities(other))
    loss = consistency_loss(original, augmented, temperature=temperature, threshold=threshold)
    assert float(loss) == pytest.approx(by_hand / 5, abs=1e-9)


def test_no_gradient_flows_to_the_original():
    original, augmented = logits(0, 5, 3).requires_grad_(), logits(1, 5, 3).requires_grad_()
    consistency_loss(original, augmented).backward()
    assert original.grad is None
    assert augmented.grad.abs().sum() > 0


def test_very_sure_texts_give_finite_losses_and_gradients():
    sure = torch.tensor([[1000.0, -1000.0]])
    other = -sure.clone().requires_grad_()
    for loss in (consistency_loss(sure, other), r_drop(sure, other, torch.tensor([0]))):
        assert loss.isfinite()
        assert torch.autograd.grad(loss, other)[0].isfinite().all()


def masked(x):
    """Logits to which a class is added that is masked."""
    return torch.cat([x, torch.full_like(x[..., :1], -math.inf)], -1)


LOSSES = {
    "consistency": consistency_loss,
    "r-drop": lambda a, b: r_drop(a, b, torch.tensor([0, 2, 1, 2])),
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_classes_that_are_masked_change_nothing(loss):
    a, b = logits(0, 4, 3).requires_grad_(), logits(1, 4, 3).requires_grad_()
    torch.testing.assert_close(loss(masked(a), masked(b)), loss(a, b))
    expected = torch.autograd.grad(loss(a, b), b)
    torch.testing.assert_close(torch.autograd.grad(loss(masked(a), masked(b)), b), expected)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_what_the_original_has_and_the_copy_excludes_is_infinitely_far(loss):
    a = logits(0, 4, 3)
    assert loss(torch.cat([a, a[:, :1]], -1), masked(a)) == math.inf


def test_a_class_that_is_masked_in_the_original_alone_adds_nothing_to_consistency():
    a, b = logits(0, 4, 3), logits(1, 4, 4)
    expected = functional.kl_div(b.log_softmax(-1), masked(a).softmax(-1), reduction="batchmean")
    torch.testing.assert_close(consistency_loss(masked(a), b), expected)


def test_a_row_that_is_not_sure_does_not_count_however_far_it_is():
    a = torch.zeros(1, 2, requires_grad=True)
    assert consistency_loss(a, torch.tensor([[0.0, -math.inf]]), threshold=0.9) == 0


@given(
    labels=st.lists(st.integers(0, 2), min_size=2, max_size=8),
    seed=SEEDS,
    temperature=st.floats(0.05, 2),
)
def test_contrast_is_the_sum_of_the_paper(labels, seed, temperature):
    rows = len(labels)
    z = functional.normalize(logits(seed, rows, 4), dim=1)
    score = (z @ z.T / temperature).tolist()
    losses = []
    for i in range(rows):
        positives = [j for j in range(rows) if j != i and labels[j] == labels[i]]
        if positives:
            below = sum(math.exp(score[i][a]) for a in range(rows) if a != i)
            losses.append(-sum(math.log(math.exp(score[i][p]) / below) for p in positives) / len(positives))
    loss = supervised_contrastive_loss(3 * z, torch.tensor(labels), temperature)
    assert float(loss) == pytest.approx(sum(losses) / len(losses) if losses else 0.0)


def test_a_batch_without_a_pair_gives_zero_and_finite_gradients():
    z = logits(0, 3, 4).requires_grad_()
    loss = supervised_contrastive_loss(z, torch.tensor([0, 1, 2]))
    loss.backward()
    assert loss.item() == 0
    assert not z.grad.any()


def test_gradients_are_those_of_finite_differences():
    a, b, targets = logits(0, 4, 3).requires_grad_(), logits(1, 4, 3).requires_grad_(), torch.tensor([0, 1, 2, 1])
    assert torch.autograd.gradcheck(lambda a, b: r_drop(a, b, targets, 2.0), (a, b))
    fixed = a.detach()
    assert torch.autograd.gradcheck(lambda b: consistency_loss(fixed, b, temperature=0.5, threshold=0.5), (b,))
    assert torch.autograd.gradcheck(lambda z: supervised_contrastive_loss(z, torch.tensor([0, 1, 1, 0])), (a,))
    weight = functional.one_hot(targets, 3).double()
    generator = torch.Generator()
    assert torch.autograd.gradcheck(
        lambda a: mix_up(a, weight, generator=generator.manual_seed(1)).loss(a.mean(0).expand(4, 3)), (a,)
    )


def test_members_of_an_ensemble_have_their_own_losses():
    a, b, targets = logits(0, 3, 4, 5), logits(1, 3, 4, 5), torch.tensor([0, 1, 1, 0])
    for loss in (
        lambda a, b: r_drop(a, b, targets),
        lambda a, b: consistency_loss(a, b, threshold=0.3),
        lambda a, _: supervised_contrastive_loss(a, targets),
    ):
        torch.testing.assert_close(vmap(loss)(a, b), torch.stack([loss(a[i], b[i]) for i in range(3)]))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_as_exact_as_its_inputs(dtype):
    a, b, targets = logits(0, 8, 5).to(dtype), logits(1, 8, 5).to(dtype), torch.arange(8) % 2
    for loss in (consistency_loss, lambda a, _: supervised_contrastive_loss(a, targets, 0.07)):
        expected = loss(a.double(), b.double()).float()
        with torch.autocast("cpu", torch.bfloat16):
            torch.testing.assert_close(loss(a, b), expected, rtol=1e-4, atol=1e-5)


@given(seed=SEEDS, alpha=st.sampled_from([0.1, 0.2, 1.0, 8.0]))
def test_rows_are_mixed_with_their_partners_by_one_weight(seed, alpha):
    x, targets = logits(seed, 6, 3, 2), torch.arange(6)
    mixed = mix_up(x, targets, alpha, torch.Generator().manual_seed(seed))
    assert 0 <= mixed.weight <= 1
    assert sorted(mixed.partners.tolist()) == list(range(6))
    torch.testing.assert_close(mixed.embeddings, mixed.weight * x + (1 - mixed.weight) * x[mixed.partners])


def test_the_loss_is_that_of_mixed_targets():
    mixed = mix_up(logits(0, 6, 3), torch.tensor([0, 1, 2, 0, 1, 2]), 1.0)
    scores = logits(1, 6, 3)
    soft = torch.lerp(
        functional.one_hot(mixed.partners, 3).double(), functional.one_hot(mixed.targets, 3).double(), 0.0
    )
    soft = mixed.weight * functional.one_hot(mixed.targets, 3) + (1 - mixed.weight) * soft
    torch.testing.assert_close(mixed.loss(scores), functional.cross_entropy(scores, soft))
    smoothed = nn.CrossEntropyLoss(label_smoothing=0.1)
    assert mixed.loss(scores, smoothed) != mixed.loss(scores)


@pytest.mark.parametrize("alpha", [0.05, 0.4, 1.0, 5.0])
def test_weights_are_drawn_from_beta(alpha):
    generator = torch.Generator().manual_seed(0)
    x, targets = torch.zeros(2, 1), torch.zeros(2)
    drawn = torch.stack([mix_up(x, targets, alpha, generator).weight for _ in range(2000)]).double()
    assert float(drawn.mean()) == pytest.approx(0.5, abs=0.04)
    assert float(drawn.var()) == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.12)


def test_a_generator_repeats_its_draws_and_torchs_own_stays():
    x, state = logits(0, 6, 3), torch.get_rng_state()
    one, other = (mix_up(x, torch.arange(6), generator=torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one.embeddings, other.embeddings)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(4)
    first = mix_up(x, torch.arange(6))
    torch.manual_seed(4)
    assert torch.equal(first.embeddings, mix_up(x, torch.arange(6)).embeddings)


def test_a_mixed_text_is_as_long_as_the_longer():
    mask = torch.tensor([[1, 1, 1], [1, 0, 0]]).bool()
    mixed = mix_up(torch.zeros(2, 3, 4), torch.tensor([0, 1]), generator=torch.Generator().manual_seed(0), mask=mask)
    assert torch.equal(mixed.mask, mask | mask[mixed.partners])


TWO = torch.zeros(2, 3)
WRONG = {
    "passes of different shapes": lambda: r_drop(TWO, torch.zeros(2, 4), torch.zeros(2)),
    "targets too many": lambda: r_drop(TWO, TWO, torch.zeros(3)),
    "a negative weight": lambda: r_drop(TWO, TWO, torch.zeros(2).long(), -1),
    "copies of other shapes": lambda: consistency_loss(TWO, torch.zeros(2, 4)),
    "no temperature": lambda: consistency_loss(TWO, TWO, temperature=0),
    "a threshold above one": lambda: consistency_loss(TWO, TWO, threshold=2),
    "labels too many": lambda: supervised_contrastive_loss(TWO, torch.zeros(3)),
    "a temperature that is no number": lambda: supervised_contrastive_loss(TWO, torch.zeros(2), math.nan),
    "partners without targets": lambda: mix_up(TWO, torch.zeros(3)),
    "no alpha": lambda: mix_up(TWO, torch.zeros(2), 0),
    "a mask of other rows": lambda: mix_up(TWO, torch.zeros(2), mask=torch.ones(3, 1).bool()),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(InvalidInput):
        wrong()
