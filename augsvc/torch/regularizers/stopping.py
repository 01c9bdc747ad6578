"""`EarlyStopping`: when a metric says that training is over, decided alike on every rank."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal

import torch.distributed
from torch import Tensor, nn

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.states import state_of

Mode = Literal["min", "max"]
Reason = Literal["not_finite", "diverged", "threshold", "patience", "budget"]

_SAVED = ("best", "best_step", "waited", "reason")


class EarlyStopping:
    """Stops a training when a validation metric no longer improves, and gives back the best weights.

    ```python
    stopping = EarlyStopping("accuracy", mode="max", patience=3)
    for epoch in range(100):
        train_one_epoch(model)
        if stopping.update(accuracy(model), epoch, model):
            break
    stopping.restore(model)
    ```

    Watch what the task is judged by: validation loss may rise, from a few confident errors, while accuracy still
    improves (Guo et al., On calibration of modern neural networks, ICML 2017). When to stop: Prechelt, Early stopping -
    but when?, 1998.

    Over ranks the metric is the mean of theirs and the clock that of rank 0, gathered once an update, which all ranks
    must call: so every rank decides alike, and sees a NaN of any.

    Args:
        metric: the metric's name, for callbacks and messages; any will do.
        mode: whether lower (`min`) or higher (`max`) is better.
        patience: so many updates in a row without an improvement stop, 1 or more.
        min_delta: what an improvement must exceed, in the metric's unit, at least 0.
        warmup: updates at a step below this are only looked at for not being finite, and for the budget.
        restore_best: whether to keep a copy of the best weights, in main memory.
        threshold: stop as soon as the metric is this good.
        divergence: stop as soon as the metric is worse than this.
        budget_seconds: stop at the first update later than this after the start, time of earlier runs that
            `load_state_dict` brings included.
        clock: seconds that only rise.

    Raises InvalidInput for a setting out of range.
    """

    def __init__(
        self,
        metric: str = "loss",
        mode: Mode = "min",
        *,
        patience: int = 3,
        min_delta: float = 0.0,
        warmup: int = 0,
        restore_best: bool = True,
        threshold: float | None = None,
        divergence: float | None = None,
        budget_seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if mode not in ("min", "max") or patience < 1 or not min_delta >= 0 or warmup < 0:
            raise InvalidInput("mode is min or max, patience at least 1, and min_delta and warmup at least 0.")
        if any(limit is not None and math.isnan(limit) for limit in (threshold, divergence, budget_seconds)):
            raise InvalidInput("threshold, divergence and budget_seconds are numbers or None.")
        self.metric, self.mode, self.patience, self.min_delta, self.warmup = metric, mode, patience, min_delta, warmup
        self.restore_best, self.threshold, self.divergence = restore_best, threshold, divergence
        self.budget_seconds = budget_seconds
        self.best: float | None = None
        self.best_step: int | None = None
        self.waited = 0
        self.reason: Reason | None = None
        self._weights: dict[str, Any] | None = None
        self._clock, self._begun = clock, clock()

    @property
    def seconds(self) -> float:
        """Time since the start on this rank's clock, that of earlier runs included."""
        return self._clock() - self._begun

    def update(self, value: float | Tensor, step: int, model: nn.Module | None = None) -> bool:
        """Return whether to stop, after a metric was measured at a step (of the caller's counting: steps or epochs).

        `reason` then says why. With `model` and `restore_best` its weights are kept if they are the best so far.
        """
        measured, seconds = _agreed(float(value), self.seconds)
        if math.isfinite(measured) and step >= self.warmup:
            self._judge(measured, step, model)
        self.reason = self._found(measured, seconds, step)
        return self.reason is not None

    def restore(self, model: nn.Module) -> bool:
        """Load the best weights into a model; return whether there were any."""
        if self._weights is None:
            return False
        model.load_state_dict(self._weights)
        return True

    def state_dict(self) -> dict[str, Any]:
        """What to save: the best metric and weights, how long was waited, and the time that was used."""
        return {name: getattr(self, name) for name in _SAVED} | {"weights": self._weights, "seconds": self.seconds}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what was saved."""
        for name in _SAVED:
            setattr(self, name, state[name])
        self._weights = state["weights"]
        self._begun = self._clock() - state["seconds"]

    def _judge(self, value: float, step: int, model: nn.Module | None) -> None:
        if self.best is not None and not self._worse(self.best, value, self.min_delta):
            self.waited += 1
            return
        self.best, self.best_step, self.waited = value, step, 0
        if self.restore_best and model is not None:
            self._weights = state_of(model)

    def _found(self, value: float, seconds: float, step: int) -> Reason | None:
        if not math.isfinite(value):
            return "not_finite"
        if step >= self.warmup:
            if self.divergence is not None and self._worse(value, self.divergence):
                return "diverged"
            if self.threshold is not None and not self._worse(value, self.threshold):
                return "threshold"
            if self.waited >= self.patience:
                return "patience"
        return "budget" if self.budget_seconds is not None and seconds > self.budget_seconds else None

    def _worse(self, one: float, other: float, by: float = 0.0) -> bool:
        """Whether one value is worse than another by more than so much."""
        return one - other > by if self.mode == "min" else other - one > by


def _agreed(value: float, seconds: float) -> tuple[float, float]:
    """Return what every rank sees alike: the mean of the values, and the seconds of rank 0."""
    if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
        return value, seconds
    told: list[Any] = [None] * torch.distributed.get_world_size()
    # all sum the same list in the same order, where an all-reduce need not give every rank the same bits
    torch.distributed.all_gather_object(told, (value, seconds))
    values = [value for value, _ in told]
    # infinities of both signs have no sum
    mean = math.fsum(values) / len(values) if all(map(math.isfinite, values)) else math.nan
    return mean, told[0][1]
