"""Dropout of whole words: of single tokens of a text, or of a word wherever it stands in the batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from augsvc.torch.regularizers.checks import check_share


class WordDropout(nn.Dropout):
    """Replaces random tokens by another in training, usually the one for unknown words or for masked ones.

    Input and output are token ids int[rows, tokens], or of any other shape. Iyyer et al., Deep unordered composition
    rivals syntactic methods for text classification, ACL 2015; Bowman et al., Generating sentences from a continuous
    space, CoNLL 2016.

    Args:
        p: how probable it is for each token, 0 to 1.
        token: the id that comes in its place.
        keep: ids that are never replaced: padding, and those that open and close a text.

    Raises InvalidInput for a probability out of range.
    """

    kept: Tensor

    def __init__(self, p: float, token: int, *, keep: Sequence[int] = ()) -> None:
        super().__init__(check_share("p", p))
        self.token = token
        self.register_buffer("kept", torch.tensor(list(keep), dtype=torch.int64), persistent=False)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the ids, in training some of them replaced."""
        if not self.training or self.p == 0:
            return ids
        dropped = torch.rand(ids.shape, device=ids.device) < self.p
        kept = (ids.unsqueeze(-1) == self.kept).any(-1)  # torch.isin is no operation for vmap
        return ids.masked_fill(dropped & ~kept, self.token)


class EmbeddingDropout(nn.Dropout):
    """Drops words of the vocabulary in training: a word's vector is zero wherever it stands in the batch.

    ```python
    drop = EmbeddingDropout(0.1)
    vectors = drop(embedding, ids)  # in the place of embedding(ids)
    ```

    What is kept grows by 1 / (1 - p). Gal and Ghahramani, A theoretically grounded application of dropout in recurrent
    neural networks, NeurIPS 2016; as in AWD-LSTM (Merity et al. 2018).

    Args:
        p: how probable it is for each word, 0 to 1.

    Raises InvalidInput for a probability out of range.
    """

    def __init__(self, p: float) -> None:
        super().__init__(check_share("p", p))

    def forward(self, embedding: nn.Embedding, ids: Tensor) -> Tensor:  # type: ignore[override]
        """Return the words' vectors float[*ids, dimensions] of int[*ids]."""
        vectors: Tensor = embedding(ids)
        if not self.training or self.p == 0:
            return vectors
        kept = nn.functional.dropout(vectors.new_ones(embedding.num_embeddings), self.p)
        return vectors * kept[ids].unsqueeze(-1)
