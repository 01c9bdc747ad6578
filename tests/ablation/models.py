"""A model of a user's own, with another order of arguments inside than ours and no batch normalization."""

from __future__ import annotations

import os
import signal

import torch
from torch import nn


class Bag(nn.Module):
    def __init__(self, vectors, classes):
        super().__init__()
        self.vectors = nn.Embedding.from_pretrained(vectors)
        self.scores = nn.Sequential(nn.Dropout(0.3), nn.Linear(vectors.shape[1], classes))

    def forward(self, tokens, mask):
        if bool(mask.any()):  # vmap cannot follow this
            return self.scores((self.vectors(tokens) * mask.unsqueeze(-1)).sum(1))
        raise AssertionError(torch.numel(tokens))


def bag(vectors, classes):
    return Bag(vectors, classes)


class Moody(Bag):
    """One that vmap cannot follow in training alone."""

    def forward(self, tokens, mask):
        states = (self.vectors(tokens) * mask.unsqueeze(-1)).sum(1)
        return self.scores(states * 2 if self.training and bool(mask.any()) else states)


class Silent(Bag):
    def forward(self, tokens, mask):
        return None


DIMENSIONS = 8


def moody(vectors, classes):
    return Moody(vectors, classes)


def broken(vectors, classes):
    return classes()


def silent(vectors, classes):
    return Silent(vectors, classes)


def one_score(vectors, classes):
    return Bag(vectors, 1)


def frozen(vectors, classes):
    return Bag(vectors, classes).requires_grad_(False)


def deadly(vectors, classes):
    os.kill(os.getpid(), signal.SIGKILL)
