"""Small models of texts, for tests."""

from __future__ import annotations

import torch
from torch import nn

from augsvc.torch.regularizers import MaskedBatchNorm1d

VOCABULARY, PADDING = 97, 0


def ids_of(texts, length=12):
    """Token ids [texts, length]: words by a hash that is the same everywhere."""
    rows = [[1 + sum(word.encode()) % (VOCABULARY - 1) for word in text.split()][:length] for text in texts]
    return torch.tensor([row + [PADDING] * (length - len(row)) for row in rows])


class Averaging(nn.Module):
    """A deep averaging network over embeddings, with masked batch normalization and dropout."""

    def __init__(self, classes=5, features=16):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, features, padding_idx=PADDING)
        self.norm = MaskedBatchNorm1d(features)
        self.layers = nn.Sequential(
            nn.Linear(features, features), nn.ReLU(), nn.Dropout(0.2), nn.Linear(features, classes)
        )

    def forward(self, ids):
        mask = ids != PADDING
        normed = self.norm(self.embedding(ids), mask)
        return self.layers(normed.sum(1) / mask.sum(1, keepdim=True).clamp_min(1))


class Encoder(nn.Module):
    """A small Transformer with torch's own batch normalization after pooling, and a vector that is no bias."""

    def __init__(self, classes=5, features=16):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, features, padding_idx=PADDING)
        layer = nn.TransformerEncoderLayer(features, 2, 2 * features, 0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.norm = nn.BatchNorm1d(features)
        self.scale = nn.Parameter(torch.ones(features))
        self.head = nn.Linear(features, classes)

    def forward(self, ids):
        mask = ids != PADDING
        encoded = self.encoder(self.embedding(ids), src_key_padding_mask=~mask)
        pooled = encoded.masked_fill(~mask.unsqueeze(-1), 0).sum(1) / mask.sum(1, keepdim=True)
        return self.head(self.norm(pooled) * self.scale)


class Tied(nn.Module):
    """A language model whose output shares the weights of its embedding."""

    def __init__(self, features=8):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, features)
        self.head = nn.Linear(features, VOCABULARY, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, ids):
        return self.head(self.embedding(ids))


class Counting(nn.Linear):
    """A layer whose state has more than tensors in it."""

    def __init__(self):
        super().__init__(1, 1)
        self.seen = [0]

    def get_extra_state(self):
        return {"seen": self.seen}

    def set_extra_state(self, state):
        self.seen = state["seen"]
