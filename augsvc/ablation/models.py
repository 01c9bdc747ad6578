"""Small classifiers over frozen word vectors, whose dropout is off until a plan sets it.

Each is called with tokens int64[N, T] and a mask bool[N, T], true where there is a word and no padding, and answers
logits float32[N, classes]. No shape in them depends on the data, so `torch.func` can train several at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from augsvc.torch.regularizers import MaskedBatchNorm1d


class Convolutional(nn.Module):
    """Filters over 3, 4 and 5 words, the largest answer of each, and a linear layer.

    Kim, Convolutional neural networks for sentence classification, EMNLP 2014. With `batch_norm` the filters' answers
    are normalized over the words of the batch.
    """

    WIDTHS = (3, 4, 5)

    def __init__(self, vectors: Tensor, classes: int, *, batch_norm: bool = False, filters: int = 100) -> None:
        super().__init__()
        self.words = _frozen(vectors)
        dimensions = vectors.shape[1]
        self.filters = nn.ModuleList(nn.Conv1d(dimensions, filters, width, padding=width // 2) for width in self.WIDTHS)
        self.norms = nn.ModuleList(_Norm(filters, batch_norm=batch_norm, otherwise=nn.Identity) for _ in self.WIDTHS)
        self.dropout = nn.Dropout(0.0)
        self.scores = nn.Linear(filters * len(self.WIDTHS), classes)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Return the logits."""
        words = self.words(tokens).masked_fill(~mask.unsqueeze(-1), 0).transpose(1, 2)
        answers = [
            norm(filters(words)[..., : tokens.shape[1]].transpose(1, 2), mask)
            for filters, norm in zip(self.filters, self.norms, strict=True)
        ]
        # after ReLU no answer is below that of padding
        largest = [answer.relu().masked_fill(~mask.unsqueeze(-1), 0).amax(1) for answer in answers]
        scores: Tensor = self.scores(self.dropout(torch.cat(largest, -1)))
        return scores


class Averaging(nn.Module):
    """The mean of the words' vectors through two hidden layers: a deep averaging network.

    Iyyer, Manjunatha, Boyd-Graber and Daumé, Deep unordered composition rivals syntactic methods for text
    classification, ACL 2015.
    """

    def __init__(self, vectors: Tensor, classes: int, *, batch_norm: bool = False, width: int = 100) -> None:
        super().__init__()
        self.words = _frozen(vectors)
        self.first = nn.Linear(vectors.shape[1], width)
        self.second = nn.Linear(width, width)
        self.norms = nn.ModuleList(_Norm(width, batch_norm=batch_norm, otherwise=nn.Identity) for _ in range(2))
        self.dropouts = nn.ModuleList(nn.Dropout(0.0) for _ in range(3))
        self.scores = nn.Linear(width, classes)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Return the logits."""
        hidden = self.dropouts[0](_mean(self.words(tokens), mask))
        for layer, norm, dropout in zip((self.first, self.second), self.norms, self.dropouts[1:], strict=True):
            hidden = dropout(norm(layer(hidden), None).relu())
        scores: Tensor = self.scores(hidden)
        return scores


class Transformer(nn.Module):
    """A layer of self-attention and a feed-forward network over positions, normalized before each, and their mean.

    Vaswani et al., Attention is all you need, NeurIPS 2017; normalized first as Xiong et al., On layer normalization in
    the Transformer architecture, ICML 2020. Dropout is where the paper has it, and on the words' frozen vectors. With
    `batch_norm` the layer norms become masked batch norms.
    """

    def __init__(
        self,
        vectors: Tensor,
        classes: int,
        *,
        batch_norm: bool = False,
        width: int = 64,
        heads: int = 4,
        layers: int = 1,
    ) -> None:
        super().__init__()
        self.words = _frozen(vectors)
        self.words_dropout = nn.Dropout(0.0)
        self.width = nn.Linear(vectors.shape[1], width)
        self.dropout = nn.Dropout(0.0)
        self.layers = nn.ModuleList(_Layer(width, heads, batch_norm=batch_norm) for _ in range(layers))
        self.norm = _Norm(width, batch_norm=batch_norm, otherwise=nn.LayerNorm)
        self.last_dropout = nn.Dropout(0.0)
        self.scores = nn.Linear(width, classes)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Return the logits."""
        hidden = self.width(self.words_dropout(self.words(tokens)))
        hidden = self.dropout(hidden + _positions(hidden.shape[1], hidden.shape[2]))
        for layer in self.layers:
            hidden = layer(hidden, mask)
        scores: Tensor = self.scores(self.last_dropout(_mean(self.norm(hidden, mask), mask)))
        return scores


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int, *, batch_norm: bool) -> None:
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList(_Norm(width, batch_norm=batch_norm, otherwise=nn.LayerNorm) for _ in range(2))
        self.dropouts = nn.ModuleList(nn.Dropout(0.0) for _ in range(2))
        self.queries_keys_values = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.forward_network = nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        hidden = hidden + self.dropouts[0](self._attention(self.norms[0](hidden, mask), mask))
        transformed: Tensor = self.dropouts[1](self.forward_network(self.norms[1](hidden, mask)))
        return hidden + transformed

    def _attention(self, hidden: Tensor, mask: Tensor) -> Tensor:
        rows, length, width = hidden.shape
        split = self.queries_keys_values(hidden).view(rows, length, 3, self.heads, width // self.heads)
        queries, keys, values = split.permute(2, 0, 3, 1, 4).unbind(0)
        likeness = queries @ keys.transpose(-1, -2) / math.sqrt(width // self.heads)
        shares = likeness.masked_fill(~mask[:, None, None, :], -1e9).softmax(-1)
        attended: Tensor = self.attended((shares @ values).transpose(1, 2).reshape(rows, length, width))
        return attended


class _Norm(nn.Module):
    """Masked batch normalization, or in its place layer normalization or none."""

    def __init__(self, width: int, *, batch_norm: bool, otherwise: Callable[[int], nn.Module]) -> None:
        super().__init__()
        self.of_batch = batch_norm
        self.norm = MaskedBatchNorm1d(width) if batch_norm else otherwise(width)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        normalized: Tensor = self.norm(hidden, mask) if self.of_batch else self.norm(hidden)
        return normalized


def _frozen(vectors: Tensor) -> nn.Embedding:
    """Return vectors that are looked up and never trained."""
    words: nn.Embedding = nn.Embedding.from_pretrained(vectors)  # type: ignore[no-untyped-call]
    return words


def _mean(hidden: Tensor, mask: Tensor) -> Tensor:
    """Return the mean over the words, float[N, width] of float[N, T, width]."""
    words = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * words).sum(-2) / words.sum(-2)


def _positions(length: int, width: int) -> Tensor:
    """Return the sines and cosines of positions, float32[length, width]."""
    angles = torch.arange(length).unsqueeze(1) * torch.exp(torch.arange(0, width, 2) * (-math.log(10_000) / width))
    both: Tensor = torch.stack([angles.sin(), angles.cos()], -1).flatten(1)
    return both[:, :width]
