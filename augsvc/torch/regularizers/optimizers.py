"""An optimizer whose parameter groups have the weight decay of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import compress
from typing import Any

from torch import nn
from torch.optim import AdamW, Optimizer

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.weight_decay import weights

Groups = list[dict[str, Any]]
"""Parameter groups, as `torch.optim` takes them."""


def optimizer_of(
    model: nn.Module,
    optimizer: Optimizer | Callable[[Groups], Optimizer] | None,
    weight_decay: float | None,
    lr: float,
) -> Optimizer:
    """Return an optimizer over a model's trained parameters that decays its weights; None leaves decay as it is.

    Raises InvalidInput for an optimizer that knows no weight decay, or has parameters of another model.
    """
    if isinstance(optimizer, Optimizer):
        _check(model, optimizer)
        if weight_decay is not None:
            _regroup(optimizer, model, weight_decay)
        return optimizer
    make = optimizer or adamw(lr)
    trained: Groups = [{"params": [parameter for parameter in model.parameters() if parameter.requires_grad]}]
    made = make(trained)
    if weight_decay is not None:
        _regroup(made, model, weight_decay)
    return made


def adamw(lr: float, *, fused: bool | None = None) -> Callable[[Groups], Optimizer]:
    """Return what makes an AdamW whose weight decay is a plan's alone."""
    return partial(AdamW, lr=lr, weight_decay=0.0, fused=fused)


def _check(model: nn.Module, optimizer: Optimizer) -> None:
    held = {parameter for group in optimizer.param_groups for parameter in group["params"]}
    if not held <= set(model.parameters()):
        raise InvalidInput("The optimizer has parameters of another model: make it of the one that the plan is for.")


def _regroup(optimizer: Optimizer, model: nn.Module, weight_decay: float) -> None:
    """Cut each group in two: what is decayed, and what is not."""
    if "weight_decay" not in optimizer.defaults:
        raise InvalidInput(
            f"{type(optimizer).__name__} knows no weight decay: take AdamW or SGD, or a plan without penalty."
        )
    chosen = set(weights(model))
    optimizer.param_groups[:] = [
        part for group in optimizer.param_groups for part in _parts(group, chosen, weight_decay)
    ]


def _parts(group: dict[str, Any], chosen: set[nn.Parameter], weight_decay: float) -> Iterator[dict[str, Any]]:
    for decayed, decay in ((True, weight_decay), (False, 0.0)):
        found = [(parameter in chosen) == decayed for parameter in group["params"]]
        if any(found):
            keys = ("params", "param_names") if "param_names" in group else ("params",)
            cut = {key: list(compress(group[key], found)) for key in keys}
            yield {**group, **cut, "weight_decay": decay}
