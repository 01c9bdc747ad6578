"""A model's state as it was, kept in main memory while the model goes on."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from torch import Tensor, nn


def state_of(model: nn.Module) -> dict[str, Any]:
    """Return a copy of a model's state: tensors, and whatever a module's `get_extra_state` gives."""
    return {
        name: value.detach().cpu().clone() if isinstance(value, Tensor) else deepcopy(value)
        for name, value in model.state_dict().items()
    }
