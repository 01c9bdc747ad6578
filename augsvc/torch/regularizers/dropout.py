"""The rates of a model's own dropout: set at once, or along a schedule."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args

from torch import nn

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.checks import check_share

Kind = Literal["constant", "linear", "curriculum"]
# torch.nn.MultiheadAttention and RNNs, and many models of Hugging Face, keep a rate as a number of their own.
_NUMBER = re.compile(r"(?!(n|num)_)(\w+_)?dropout(_p|_prob|_rate)?")


class Site(NamedTuple):
    """Where a model keeps a dropout rate: a module and the name of its attribute."""

    module: nn.Module
    name: str


def sites(model: nn.Module) -> Iterator[Site]:
    """Find every dropout rate of a model: of dropout modules, of attention weights, between layers of RNNs."""
    for module in model.modules():
        if isinstance(module, nn.modules.dropout._DropoutNd):  # noqa: SLF001  the one base of torch's dropout modules
            yield Site(module, "p")
        elif not (isinstance(module, nn.RNNBase) and module.num_layers == 1):  # there it does nothing
            numbers = (name for name, value in vars(module).items() if _is_rate(name, value))
            yield from (Site(module, name) for name in numbers)


def set_dropout(model: nn.Module, p: float) -> int:
    """Set every dropout rate of a model, or of a part of it, and return how many there are.

    Rates are the `p` of dropout modules (those of this package too) and numbers named like `dropout` or
    `attention_dropout`, as `torch.nn.MultiheadAttention`, RNNs of several layers and models of Hugging Face keep them;
    not LayerDrop's, nor numbers that are out of 0 to 1 or named as counts, like `num_dropout`.

    Raises InvalidInput for a rate out of 0 to 1, or above 0 where there is no dropout to set.
    """
    found = list(sites(model))
    _set(found, check_share("The dropout rate", p))
    return len(found)


class DropoutSchedule:
    """Moves the dropout rates of a model from `start` to `rate`, a step of training at a time.

    ```python
    schedule = DropoutSchedule(model, 0.1, kind="curriculum", steps=1000)
    for batch in loader:
        training_step(batch)
        schedule.step()
    ```

    After t steps the rate is, for each kind,

    * `constant`: `rate`.
    * `linear`: start + (rate - start) * min(t / steps, 1). From above to 0 it is the early dropout of Liu et al.,
      Dropout reduces underfitting, ICML 2023, which is for models too small for their data.
    * `curriculum`: rate + (start - rate) * exp(-10 t / steps), Morerio et al., Curriculum dropout, ICCV 2017.

    Args:
        model: a model or a part of one, see `set_dropout`; its rates are set at once.
        rate: where the rates go, 0 to 1.
        kind: the way there.
        steps: how many steps it takes; not used by `constant`.
        start: where they begin, 0 to 1; not used by `constant`.

    Raises InvalidInput for a setting out of range, or where there is no dropout to set.
    """

    def __init__(
        self, model: nn.Module, rate: float, *, kind: Kind = "constant", steps: int = 1, start: float = 0.0
    ) -> None:
        if kind not in get_args(Kind) or steps < 1:
            raise InvalidInput("kind is constant, linear or curriculum, and steps at least 1.")
        self._rate, self._start = check_share("rate", rate), check_share("start", start)
        self._kind, self._steps, self._step = kind, steps, 0
        self._sites = list(sites(model))
        self._set()

    @property
    def rate(self) -> float:
        """The rate that the model has now."""
        return self._rate + (self._start - self._rate) * self._left()

    def step(self) -> None:
        """Count a step of training and set the rates that follow it."""
        self._step += 1
        self._set()

    def state_dict(self) -> dict[str, Any]:
        """What to save: how many steps were taken."""
        return {"step": self._step}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what was saved, and set the rates of then."""
        self._step = int(state["step"])
        self._set()

    def _set(self) -> None:
        _set(self._sites, self.rate)

    def _left(self) -> float:
        """The share of the way that is still to go."""
        done = self._step / self._steps
        return {"constant": 0.0, "linear": max(1 - done, 0.0), "curriculum": math.exp(-10 * done)}[self._kind]


def _is_rate(name: str, value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):  # some models have the integer 0
        return False
    return 0 <= value <= 1 and bool(_NUMBER.fullmatch(name))


def _set(found: list[Site], p: float) -> None:
    if p > 0 and not found:
        raise InvalidInput("The model has no dropout whose rate could be set: give it nn.Dropout modules.")
    for module, name in found:
        setattr(module, name, p)
