"""L1 and elastic-net penalties by a proximal step, which makes weights exactly zero."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.checks import check_not_negative


class ElasticNet:
    """The penalty l1 * |w| + l2 / 2 * w², taken as a proximal step after the optimizer's own.

    ```python
    penalty = ElasticNet(weights(model), l1=0.1, l2=0.01)
    optimizer.step()
    penalty.step(optimizer.param_groups[0]["lr"])
    ```

    A step of length lr is the closed form w <- soft(w, lr * l1) / (1 + lr * l2), where soft moves a number towards zero
    by at most the threshold, and never past it: weights become exactly zero and stay in place until a gradient pulls
    harder. As the gradient never sees the penalty, neither do Adam's moments: it is decoupled, as AdamW's decay. Adam's
    own steps are about as long as the learning rate whatever the gradient, so there l1 is to be judged against 1: 0.01
    to 0.3 are common, and 1 leaves nothing.

    Duchi and Singer, Efficient online and batch learning using forward backward splitting, JMLR 2009; Parikh and Boyd,
    Proximal algorithms, 2014, 6.5; Zou and Hastie, Regularization and variable selection via the elastic net, 2005.

    Args:
        params: tensors, changed in place; `weights(model)` gives those that are usually penalized. Parameters that are
            frozen, then or later, are left alone.
        l1: at least 0.
        l2: at least 0.

    Raises InvalidInput for a penalty out of range, or no tensors.
    """

    def __init__(self, params: Iterable[Tensor], l1: float, l2: float) -> None:
        self._params = list(params)
        if not self._params:
            raise InvalidInput("There is no tensor to penalize.")
        self._l1, self._l2 = check_not_negative("l1", l1), check_not_negative("l2", l2)

    @torch.no_grad()
    def step(self, lr: float) -> None:
        """Take a proximal step as long as the optimizer's, the learning rate."""
        threshold, shrinkage = float(lr) * self._l1, 1 / (1 + float(lr) * self._l2)
        for parameter in self._params:
            # a gradient that is None says nothing: it may have been cleared since the optimizer's step
            if isinstance(parameter, nn.Parameter) and not parameter.requires_grad:
                continue
            # in place, which torch can, and its stubs do not say
            functional.softshrink(parameter, threshold, out=parameter)  # type: ignore[call-arg]
            if shrinkage != 1:
                parameter.mul_(shrinkage)


class ProximalL1(ElasticNet):
    """The penalty strength * |w|, the lasso's, taken as a proximal step: `ElasticNet` without its second half.

    Args:
        params: tensors, changed in place.
        strength: at least 0.

    Raises InvalidInput for a strength out of range, or no tensors.
    """

    def __init__(self, params: Iterable[Tensor], strength: float) -> None:
        super().__init__(params, strength, 0.0)
