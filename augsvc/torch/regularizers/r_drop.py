"""`r_drop`: a loss that makes two passes with different dropout agree."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.checks import check_not_negative
from augsvc.torch.regularizers.precision import exact


def r_drop(
    logits_a: Tensor,
    logits_b: Tensor,
    targets: Tensor,
    alpha: float = 1.0,
    *,
    label_smoothing: float = 0.0,
    ignore_index: int = -100,
) -> Tensor:
    """Return the mean cross-entropy of two passes plus alpha times the mean of their KL divergences, either way.

    ```python
    logits_a, logits_b = model(torch.cat([x, x])).chunk(2)
    loss = r_drop(logits_a, logits_b, targets, alpha=1.0)
    ```

    As the authors' code has it; their formula takes the *sum* of both cross-entropies, so that its alpha is twice this.
    Wu et al., R-Drop: regularized dropout for neural networks, NeurIPS 2021.

    Args:
        logits_a: float[*, classes], of the first pass.
        logits_b: the same of the second.
        targets: int64[*], classes.
        alpha: weight of the agreement, at least 0.
        label_smoothing: as of `torch.nn.functional.cross_entropy`.
        ignore_index: the target of what does not count: padding.

    Returns a scalar, the mean over what counts. Raises InvalidInput for a weight out of range or shapes that differ.
    """
    if logits_a.shape != logits_b.shape or logits_a.shape[:-1] != targets.shape:
        shapes = [list(x.shape) for x in (logits_a, logits_b, targets)]
        raise InvalidInput(f"Logits are [*, classes] twice and targets [*], not {shapes}.")
    check_not_negative("alpha", alpha)
    classes = logits_a.shape[-1]
    both, target = torch.stack([logits_a, logits_b]).reshape(2, -1, classes), targets.flatten()
    entropy = functional.cross_entropy(
        both.flatten(0, 1), target.repeat(2), ignore_index=ignore_index, label_smoothing=label_smoothing
    )
    valid = target != ignore_index
    return entropy + alpha * (symmetric_kl(both[0], both[1]) * valid).sum() / valid.sum().clamp_min(1)


def symmetric_kl(logits_a: Tensor, logits_b: Tensor) -> Tensor:
    """Return the mean of both Kullback-Leibler divergences, in nats, float[*] of logits float[*, classes]."""
    a, b = exact(logits_a).log_softmax(-1), exact(logits_b).log_softmax(-1)
    p, q = a.exp(), b.exp()
    # a class that is impossible in both, as a masked one, adds nothing
    difference = (a - b).masked_fill((p == 0) & (q == 0), 0)
    return ((p - q) * difference).sum(-1) / 2
