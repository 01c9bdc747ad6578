"""`sparsity`: how many of a model's parameters are exactly zero."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True, slots=True)
class Zeros:
    """Exact zeros among so many numbers."""

    zeros: int
    total: int

    @property
    def share(self) -> float:
        """Their share, 0 to 1; 0 of nothing."""
        return self.zeros / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Sparsity:
    """Exact zeros of each parameter by its name; printed as a table."""

    by_name: dict[str, Zeros]

    @property
    def zeros(self) -> int:
        """Exact zeros of all parameters."""
        return sum(part.zeros for part in self.by_name.values())

    @property
    def total(self) -> int:
        """How many numbers all parameters have."""
        return sum(part.total for part in self.by_name.values())

    @property
    def share(self) -> float:
        """The share of exact zeros, 0 to 1."""
        return Zeros(self.zeros, self.total).share

    def __str__(self) -> str:
        rows = [*self.by_name.items(), ("all", Zeros(self.zeros, self.total))]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:{width}}  {part.share:6.1%}  {part.zeros:,} of {part.total:,}" for name, part in rows)


@torch.no_grad()
def sparsity(model: nn.Module) -> Sparsity:
    """Count the exact zeros of a model's parameters; shared ones once."""
    return Sparsity(
        {
            name: Zeros(parameter.numel() - int(parameter.count_nonzero()), parameter.numel())
            for name, parameter in model.named_parameters()
        }
    )
