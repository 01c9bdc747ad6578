"""Which parameters are weights, to be decayed, and which are biases and those of normalization, to be left alone."""

from __future__ import annotations

from typing import Any

from torch import nn

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.checks import check_not_negative
from augsvc.torch.regularizers.ensembles import DeepEnsemble


def weights(model: nn.Module) -> list[nn.Parameter]:
    """Return a model's weights: trained parameters but biases, those of normalization, and vectors and scalars.

    Modules of normalization are those with "Norm" in the name of their class, or of a base; biases have "bias" in
    their own. Shared parameters come once. In a `DeepEnsemble` they are what they are in a member.
    """
    return [parameter for parameter, decayed in _trained(model) if decayed]


def weight_decay_groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Return parameter groups for an optimizer that decays weights, and nothing but weights (see `weights`).

    ```python
    optimizer = torch.optim.AdamW(weight_decay_groups(model, 0.1), lr=1e-3)
    ```

    AdamW, or SGD with `weight_decay`, does the rest: Loshchilov and Hutter, Decoupled weight decay regularization, ICLR
    2019.

    Args:
        model: whose trained parameters come, each once, in the model's order.
        weight_decay: of the weights, at least 0.

    Raises InvalidInput for a decay out of range, or a model without trained parameters.
    """
    check_not_negative("weight_decay", weight_decay)
    found = _trained(model)
    if not found:
        raise InvalidInput("The model has no parameter to train.")
    groups = [
        {"params": [parameter for parameter, decayed in found if decayed == which], "weight_decay": decay}
        for which, decay in ((True, weight_decay), (False, 0.0))
    ]
    return [group for group in groups if group["params"]]


def _trained(model: nn.Module) -> list[tuple[nn.Parameter, bool]]:
    found: dict[nn.Parameter, bool] = {}
    stacked = {p for module in model.modules() if isinstance(module, DeepEnsemble) for p in module.parameters()}
    for module in model.modules():
        normalizes = any("Norm" in base.__name__ for base in type(module).__mro__)
        for name, parameter in module.named_parameters(recurse=False):
            if parameter.requires_grad:
                dimensions = parameter.ndim - (parameter in stacked)
                found.setdefault(parameter, not (normalizes or "bias" in name or dimensions < 2))
    return list(found.items())
