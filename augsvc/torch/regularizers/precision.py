"""Sums and logarithms in float32 at least, whatever the precision of the model."""

from __future__ import annotations

import torch
from torch import Tensor


def exact(x: Tensor) -> Tensor:
    """Return a tensor in float32, or as it is where it is more precise."""
    return x.to(torch.promote_types(x.dtype, torch.float32))
