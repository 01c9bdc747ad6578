"""`mix_up`: texts mixed with one another, as embeddings, and their targets alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.checks import check_positive

Loss = Callable[[Tensor, Tensor], Tensor]
"""Logits and targets to a scalar."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """Rows mixed with others of the batch: weight * own + (1 - weight) * the partner's.

    Shapes and dtypes of the first three are those of what was mixed; `weight` is a scalar, `mask` is true where one of
    the two texts has a token, or None.
    """

    embeddings: Tensor
    targets: Tensor
    partners: Tensor
    weight: Tensor
    mask: Tensor | None = None

    def loss(self, logits: Tensor, loss: Loss = functional.cross_entropy) -> Tensor:
        """Return the loss of logits against both targets, by weight."""
        return self.weight * loss(logits, self.targets) + (1 - self.weight) * loss(logits, self.partners)


def mix_up(
    embeddings: Tensor,
    targets: Tensor,
    alpha: float = 0.2,
    generator: torch.Generator | None = None,
    *,
    mask: Tensor | None = None,
) -> Mixed:
    """Mix each row with another of the batch, all by one weight drawn from Beta(alpha, alpha).

    ```python
    mixed = mix_up(model.embed(ids), targets, alpha=0.2, generator=generator)
    loss = mixed.loss(model.classify(mixed.embeddings))
    ```

    Zhang et al., mixup: beyond empirical risk minimization, ICLR 2018; on word or sentence embeddings Guo, Mao and
    Zhang, Augmenting data with mixup for sentence classification, 2019.

    Args:
        embeddings: float[rows, ...], of words or of whole texts.
        targets: [rows, ...], whatever the loss takes.
        alpha: above 0; the larger, the nearer to one half is the weight.
        generator: on the CPU or the embeddings' device; by default torch's own.
        mask: bool[rows, tokens], true where a text has a token.

    Raises InvalidInput for an alpha out of range or numbers of rows that differ.
    """
    rows = len(embeddings)
    if len(targets) != rows or (mask is not None and len(mask) != rows):
        raise InvalidInput("Embeddings, targets and mask must have the same number of rows.")
    device = generator.device if generator else torch.device("cpu")
    concentration = torch.full((2,), check_positive("alpha", alpha), dtype=torch.float64, device=device)
    # what torch.distributions.Beta draws from, which takes no generator
    drawn = torch._sample_dirichlet(concentration, generator)[0]  # noqa: SLF001
    weight = drawn.to(embeddings.device, embeddings.dtype)
    order = torch.randperm(rows, generator=generator, device=device).to(embeddings.device)
    other = None if mask is None else mask | mask[order]
    return Mixed(torch.lerp(embeddings[order], embeddings, weight), targets, targets[order], weight, other)
