"""Averages of a model's weights over the steps of its training: SWA and EMA, as `torch.optim.swa_utils` has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from augsvc.errors import InvalidInput

Kind = Literal["ema", "swa"]


def ema(model: nn.Module, decay: float = 0.999) -> AveragedModel:
    """Return a copy of a model that follows it as an exponential moving average, one `update_parameters` a step.

    The decay begins low, min(decay, (1 + n) / (10 + n)) after n updates, so that the first weights are soon forgotten,
    as TensorFlow's ExponentialMovingAverage has it. Morales-Brotons, Vogels and Hendrikx, Exponential moving average of
    weights in deep learning, TMLR 2024.
    """
    return AveragedModel(model, multi_avg_fn=_Warmed(decay))


def swa(model: nn.Module) -> AveragedModel:
    """Return a copy of a model that is the mean of its weights at each `update_parameters`.

    Polyak and Juditsky, Acceleration of stochastic approximation by averaging, 1992; Izmailov et al., Averaging weights
    leads to wider optima and better generalization, UAI 2018.
    """
    return AveragedModel(model)


class WeightAverage:
    """A model's averaged weights: updated from a step on, in turns of several; buffers stay those of the model.

    ```python
    average = WeightAverage(model, "ema", decay=0.99)
    for step, batch in enumerate(loader):
        training_step(model, batch)
        average.update(model, step)
    recalibrate(average.model, batches)  # where there is batch normalization
    ```

    Args:
        model: what is trained.
        kind: `ema`, or `swa` for the plain mean.
        decay: of the EMA, 0 to 1, see `ema`.
        start: the first step that counts; SWA begins when training has nearly converged.
        every: steps between two updates.

    Raises InvalidInput for a setting out of range.
    """

    def __init__(
        self, model: nn.Module, kind: Kind = "ema", *, decay: float = 0.999, start: int = 0, every: int = 1
    ) -> None:
        if kind not in ("ema", "swa") or not 0 <= decay <= 1 or start < 0 or every < 1:
            raise InvalidInput("kind is ema or swa, decay 0 to 1, start at least 0, and every at least 1.")
        self._averaged = ema(model, decay) if kind == "ema" else swa(model)
        self._start, self._every = start, every

    @property
    def model(self) -> nn.Module:
        """The averaged model; before the first update a copy of the one it was made of."""
        averaged: nn.Module = self._averaged.module
        return averaged

    @property
    def updates(self) -> int:
        """How many times the average was taken."""
        return int(self._averaged.n_averaged)

    def update(self, model: nn.Module, step: int) -> None:
        """Take the weights after a step, counted from 0, if it is one of those that count."""
        if step >= self._start and (step - self._start) % self._every == 0:
            self._averaged.update_parameters(model)

    def state_dict(self) -> dict[str, Any]:
        """What to save."""
        return self._averaged.state_dict()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what was saved."""
        self._averaged.load_state_dict(state)


class _Warmed:
    """An object, not a closure: a model that is averaged can be pickled, and copied."""

    def __init__(self, decay: float) -> None:
        self.decay = decay

    def __call__(self, averaged: Sequence[Tensor], current: Sequence[Tensor], updates: Tensor | int) -> None:
        n = int(updates)
        decay = min(self.decay, (1 + n) / (10 + n))
        get_ema_multi_avg_fn(decay)(averaged, current, updates)  # type: ignore[no-untyped-call]
