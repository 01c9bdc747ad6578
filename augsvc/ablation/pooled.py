"""A pretrained encoder with a linear layer over the mean of its last states."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from torch import Tensor, nn

from augsvc.torch.regularizers import MaskedBatchNorm1d, set_dropout


class PooledEncoder(nn.Module):
    """A copy of an encoder and a fresh linear layer; called as the small models are, its dropout off as theirs.

    The mean is what sentence encoders are trained for: Reimers and Gurevych, Sentence-BERT, EMNLP 2019.
    """

    def __init__(self, encoder: Any, classes: int, *, batch_norm: bool = False) -> None:
        super().__init__()
        self.encoder: Any = deepcopy(encoder)
        width = int(self.encoder.config.hidden_size)
        self.norm = MaskedBatchNorm1d(width) if batch_norm else None
        self.dropout = nn.Dropout(0.0)
        self.scores = nn.Linear(width, classes)
        set_dropout(self, 0.0)
        self.train()  # encoders are loaded in evaluation mode, in which no plan's dropout would be at work

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Return the logits."""
        states = self.encoder(input_ids=tokens, attention_mask=mask.long()).last_hidden_state
        words = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * words).sum(-2) / words.sum(-2)
        scores: Tensor = self.scores(self.dropout(mean if self.norm is None else self.norm(mean)))
        return scores
