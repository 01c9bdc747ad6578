"""A small text classifier: the mean of hashed word embeddings, and a linear layer."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

LABELS = ("billing", "delivery", "quality", "support")
BUCKETS, WIDTH = 4096, 32


class Classifier(nn.Module):
    """Scores of LABELS for texts; `seed` makes its first weights, and it carries its own optimizer."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.words = nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean")
        nn.init.normal_(self.words.weight, std=0.1)
        self.scores = nn.Linear(WIDTH, len(LABELS))
        self.optimizer = torch.optim.Adam(self.parameters(), lr=0.03)

    def forward(self, texts: Sequence[str]) -> torch.Tensor:
        """Scores float32[texts, LABELS]."""
        bags = [
            [zlib.crc32(word.encode()) % BUCKETS for word in re.findall(r"\w+", text.lower())] or [0] for text in texts
        ]
        starts = torch.tensor([0, *map(len, bags[:-1])]).cumsum(0)
        scores: torch.Tensor = self.scores(self.words(torch.tensor([word for bag in bags for word in bag]), starts))
        return scores


def training_step(model: Classifier, batch: Mapping[str, Any]) -> float:
    """One step of gradient descent on a batch with the columns `text` and `label`; returns the loss before it."""
    targets = torch.tensor([LABELS.index(label) for label in batch["label"]])
    model.optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(batch["text"]), targets)
    loss.backward()  # type: ignore[no-untyped-call]
    model.optimizer.step()
    return loss.item()


def accuracy(model: Classifier, messages: Sequence[Mapping[str, str]]) -> float:
    """The share of messages whose best score is their label's."""
    with torch.no_grad():
        best = model([message["text"] for message in messages]).argmax(1).tolist()
    return sum(LABELS[index] == message["label"] for index, message in zip(best, messages, strict=True)) / len(messages)
