"""`supervised_contrastive_loss`: texts of a class near one another, and far from the others."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.checks import check_positive
from augsvc.torch.regularizers.precision import exact


def supervised_contrastive_loss(embeddings: Tensor, labels: Tensor, temperature: float = 0.1) -> Tensor:
    """Return the supervised contrastive loss, in nats, over all pairs of a batch.

    ```python
    pairs = model(torch.cat([tokens(batch["original_text"]), tokens(batch["text"])]))
    loss = supervised_contrastive_loss(pairs, labels.repeat(2))
    ```

    Embeddings are scaled to length 1. Each row's positives are the other rows with its label, an augmented copy among
    them; the loss is the mean over rows that have one, or 0 where none has. It sees the rows of one process.

    Khosla et al., Supervised contrastive learning, NeurIPS 2020, L_out of equation 2; for text Gunel et al., Supervised
    contrastive learning for pre-trained language model fine-tuning, ICLR 2021.

    Args:
        embeddings: float[rows, dimensions].
        labels: int[rows].
        temperature: above 0.

    Returns a scalar. Raises InvalidInput for a temperature out of range or other shapes.
    """
    if embeddings.ndim != 2 or labels.shape != embeddings.shape[:1]:
        shapes = [list(x.shape) for x in (embeddings, labels)]
        raise InvalidInput(f"Embeddings are [rows, dimensions] and labels [rows], not {shapes}.")
    unit = functional.normalize(exact(embeddings), dim=-1)
    itself = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
    with torch.autocast(unit.device.type, enabled=False):  # which would multiply in half precision
        similar = unit @ unit.T
    scores = (similar / check_positive("temperature", temperature)).masked_fill(itself, -math.inf)
    positive = (labels.unsqueeze(0) == labels.unsqueeze(1)) & ~itself
    losses = (scores.logsumexp(-1, keepdim=True) - scores).masked_fill(~positive, 0)
    positives = positive.sum(-1)
    return (losses.sum(-1) / positives.clamp_min(1)).sum() / (positives > 0).sum().clamp_min(1)
