"""`LockedDropout`: the same features dropped at every token of a text."""

from __future__ import annotations

from torch import Tensor, nn

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.checks import check_share


class LockedDropout(nn.Dropout1d):
    """Drops features of each text at all of its tokens, in training: `nn.Dropout1d` for features that come last.

    Input and output are float[rows, tokens, features]; what is kept grows by 1 / (1 - p). Also called variational
    dropout: Gal and Ghahramani, A theoretically grounded application of dropout in recurrent neural networks, NeurIPS
    2016; Merity et al., Regularizing and optimizing LSTM language models, ICLR 2018.

    Args:
        p: how probable it is for each feature, 0 to 1.

    Raises InvalidInput for a probability out of range, or another shape.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__(check_share("p", p))

    def forward(self, x: Tensor) -> Tensor:
        """Return the features, in training some of them zero."""
        if x.ndim != 3:
            raise InvalidInput(f"LockedDropout takes [rows, tokens, features], not {list(x.shape)}.")
        return super().forward(x.transpose(1, 2)).transpose(1, 2)
