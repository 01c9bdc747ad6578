"""The state of torch's own generators, which dropout draws from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch


def random_state() -> dict[str, Any]:
    """Return the state of this process's generators: the CPU's, and those of GPUs that are in use."""
    used = torch.cuda.is_available() and torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    return {"cpu": torch.get_rng_state(), "cuda": torch.cuda.get_rng_state_all() if used else []}


def load_random_state(state: Mapping[str, Any]) -> None:
    """Let this process's generators go on from a state; GPUs that this machine has not are passed over."""
    torch.set_rng_state(state["cpu"].cpu())
    for device, saved in enumerate(state["cuda"][: torch.cuda.device_count()]):
        torch.cuda.set_rng_state(saved.cpu(), device)
