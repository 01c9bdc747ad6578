"""`SnapshotEnsemble`: the members of an ensemble from one training, whose learning rate goes in cycles."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.ensembles import DeepEnsemble
from augsvc.torch.regularizers.states import state_of


class SnapshotEnsemble:
    """Keeps the weights at the end of each cycle of the learning rate, a cosine from its start to 0 that begins again.

    ```python
    snapshots = SnapshotEnsemble(optimizer, cycle_steps=len(loader) * 2)
    for batch in loader:
        training_step(model, batch)
        snapshots.step(model)
    labels = snapshots.ensemble(model).predict(tokens).labels
    ```

    Huang et al., Snapshot ensembles: train 1, get M for free, ICLR 2017.

    Args:
        optimizer: whose learning rates are those of the start of each cycle.
        cycle_steps: steps of a cycle.
        members: how many of the last snapshots are kept, each in main memory; None for all.

    Raises InvalidInput for a setting out of range.
    """

    def __init__(self, optimizer: Optimizer, cycle_steps: int, members: int | None = None) -> None:
        if cycle_steps < 1 or (members is not None and members < 1):
            raise InvalidInput("A cycle is of a step or more, and an ensemble of a member or more.")
        self._schedule = CosineAnnealingWarmRestarts(optimizer, T_0=cycle_steps)
        self._cycle, self._members = cycle_steps, members
        self._steps = 0
        self._snapshots: list[dict[str, Any]] = []

    @property
    def count(self) -> int:
        """How many snapshots are kept."""
        return len(self._snapshots)

    def step(self, model: nn.Module) -> None:
        """Follow a step of the optimizer: keep the weights at the end of a cycle, and set the learning rate."""
        self._steps += 1
        if self._steps % self._cycle == 0:
            self._snapshots = [*self._snapshots, state_of(model)][-(self._members or 0) :]
        self._schedule.step()

    def ensemble(self, model: nn.Module, *, vectorised: bool = True) -> DeepEnsemble:
        """Return the snapshots as the members of an ensemble, copies of the model; raises InvalidInput before one."""
        copies = [deepcopy(model) for _ in self._snapshots]
        for copy, weights in zip(copies, self._snapshots, strict=True):
            copy.load_state_dict(weights)
        return DeepEnsemble(copies, vectorised=vectorised)

    def state_dict(self) -> dict[str, Any]:
        """What to save: the place in the cycle, and the snapshots."""
        return {"steps": self._steps, "schedule": self._schedule.state_dict(), "snapshots": list(self._snapshots)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what was saved."""
        self._steps, self._snapshots = state["steps"], list(state["snapshots"])
        self._schedule.load_state_dict(state["schedule"])
