"""`recalibrate`: running statistics of batch normalization that fit weights which no training step has seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, Self

from torch import nn
from torch.optim.swa_utils import update_bn

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.calls import call
from augsvc.torch.regularizers.modes import modes_kept


def recalibrate(model: nn.Module, batches: Iterable[Any], forward: Callable[[nn.Module, Any], Any] = call) -> None:
    """Replace a model's running statistics by the means over batches, as `torch.optim.swa_utils.update_bn` takes them.

    An average of weights needs it (Izmailov et al., Averaging weights leads to wider optima and better generalization,
    UAI 2018), and so does a model whose data or rates of dropout have changed: without it the statistics are those of
    other weights. Only batch normalization is in training mode meanwhile: dropout, at work, would give variances that
    inference does not have (Li et al., Understanding the disharmony between dropout and batch normalization by variance
    shift, CVPR 2019). Every module is then in the mode that it was in. Each batch counts alike, whatever its size.

    Args:
        model: with batch normalization or without, when nothing happens.
        batches: inputs of the model, a batch or more: tensors, several in tuples or lists, or mappings of names.
        forward: hands a batch to the model, where it is more than that.

    Raises InvalidInput where there is no batch. Where a pass fails, the statistics are again what they were.
    """
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]  # noqa: SLF001
    if not norms:
        return
    rest = iter(batches)
    first = list(islice(rest, 1))
    if not first:
        raise InvalidInput("There is no batch to take the statistics of batch normalization from.")
    with modes_kept(model), _momenta_kept(norms), _restored_on_failure(norms):
        model.eval()
        update_bn(((batch,) for batch in chain(first, rest)), _Norms(model, norms, forward))


@contextmanager
def _momenta_kept(norms: list[Any]) -> Iterator[None]:
    momenta = [norm.momentum for norm in norms]
    try:
        yield
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum


@contextmanager
def _restored_on_failure(norms: list[Any]) -> Iterator[None]:
    """Give modules their buffers back if what is done meanwhile fails."""
    buffers = [buffer for norm in norms for buffer in norm.buffers(recurse=False)]
    kept = [buffer.clone() for buffer in buffers]
    try:
        yield
    except BaseException:
        for buffer, before in zip(buffers, kept, strict=True):
            buffer.copy_(before)
        raise


class _Norms(nn.Module):
    """A model of which `update_bn` puts batch normalization alone into training mode."""

    def __init__(self, model: nn.Module, norms: list[Any], forward: Callable[[nn.Module, Any], Any]) -> None:
        super().__init__()
        self._model, self._norms, self._call = model, norms, forward

    def train(self, mode: bool = True) -> Self:
        for norm in self._norms:
            norm.train(mode)
        return self

    def forward(self, batch: Any) -> Any:
        return self._call(self._model, batch)
