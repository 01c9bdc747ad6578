"""Asking any model for its logits, whatever its inputs and outputs are wrapped in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn


def call(model: nn.Module, inputs: Any) -> Any:
    """Call a model with inputs by name (a mapping), by place (a tuple or list), or with one."""
    if isinstance(inputs, Mapping):
        return model(**inputs)
    if isinstance(inputs, tuple | list):
        return model(*inputs)
    return model(inputs)


def logits_of(output: Any) -> Tensor:
    """Return what a model has answered as a tensor: itself, or its `logits` as those of Hugging Face have them."""
    logits: Tensor = output if isinstance(output, Tensor) else output.logits
    return logits
