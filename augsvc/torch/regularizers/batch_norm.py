"""`MaskedBatchNorm1d`: batch normalization of texts of different lengths."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, distributed, nn

from augsvc.errors import InvalidInput


class MaskedBatchNorm1d(nn.BatchNorm1d):
    """`torch.nn.BatchNorm1d` whose statistics are those of tokens alone, as if padding were not there.

    ```python
    norm = MaskedBatchNorm1d(128)
    x = norm(x, ids != PADDING)
    ```

    Features come last. What is given for padding is zero, gets no gradient, and what stands there, even NaN, changes
    nothing. Statistics, parameters and state are those of `BatchNorm1d`, but computed in float32 at least; a batch of
    fewer than two tokens, which BatchNorm1d refuses, leaves the running statistics as they are.

    With `synchronized` the statistics are those of the tokens of all ranks, whatever their numbers, as of
    `torch.nn.SyncBatchNorm`, which knows no mask, and refuses tensors on the CPU. So don't let
    `SyncBatchNorm.convert_sync_batchnorm` replace this module. Each rank must then take part in each training pass.

    Under `torch.func.vmap` running statistics are written in place, so they must be mapped too, as
    `torch.func.stack_module_state` gives them; `torch.func.grad` cannot have it: use `backward`, or
    `track_running_stats=False`.

    Ioffe and Szegedy, Batch normalization, ICML 2015; for text Shen et al., PowerNorm, ICML 2020, who show why it often
    falls behind layer normalization there.

    Args:
        num_features: of the last dimension.
        eps, momentum, affine, track_running_stats, device, dtype: as of `BatchNorm1d`.
        synchronized: over all ranks of the default process group, if there is one.

    Raises InvalidInput for other shapes, or a mask of floats.
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        synchronized: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype)
        self.synchronized = synchronized

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Normalize float[*, features] where mask, bool or int[*], is true; without one everywhere."""
        valid = self._valid(x, mask)
        known = x.masked_fill(~valid, 0).to(torch.promote_types(x.dtype, torch.float32))
        if self.training or self.running_mean is None or self.running_var is None:
            centred, variance = self._by_batch(known, valid)
        else:
            centred, variance = known - self.running_mean, self.running_var
        scaled = centred * (variance + self.eps).rsqrt()
        if self.affine:
            scaled = torch.addcmul(self.bias, scaled, self.weight)
        return scaled.masked_fill(~valid, 0).to(x.dtype)

    def _valid(self, x: Tensor, mask: Tensor | None) -> Tensor:
        if not x.ndim or x.shape[-1] != self.num_features:
            raise InvalidInput(f"Features, the last dimension, must be {self.num_features}, not {list(x.shape)}.")
        if mask is None:
            return torch.ones_like(x[..., :1], dtype=torch.bool)
        if mask.shape != x.shape[:-1] or mask.is_floating_point():
            raise InvalidInput(
                f"The mask of {list(x.shape)} is of bools or integers {list(x.shape[:-1])}, true where there is a "
                f"token, not of {mask.dtype} {list(mask.shape)}."
            )
        return mask.bool().unsqueeze(-1)

    def _by_batch(self, known: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """The batch's tokens less their mean, and their variance; in training the running statistics follow."""
        tokens = tuple(range(known.ndim - 1))
        sums = self._over_ranks(torch.cat([known.sum(tokens), valid.sum().to(known.dtype).view(1)]))
        count = sums[-1]
        mean = sums[:-1] / count.clamp_min(1)
        centred = (known - mean).masked_fill(~valid, 0)
        squares = self._over_ranks(centred.square().sum(tokens))
        if self.training and self.track_running_stats:
            self._track(count, mean, squares / (count - 1).clamp_min(1))
        return centred, squares / count.clamp_min(1)

    def _over_ranks(self, sums: Tensor) -> Tensor:
        if self.synchronized and self.training and distributed.is_available() and distributed.is_initialized():
            sums = _Total.apply(sums)  # type: ignore[no-untyped-call]
        return sums

    @torch.no_grad()
    def _track(self, count: Tensor, mean: Tensor, variance: Tensor) -> None:
        if self.num_batches_tracked is None or self.running_mean is None or self.running_var is None:
            return
        counted = count > 1
        self.num_batches_tracked.add_(counted)
        share = counted / self.num_batches_tracked.clamp_min(1) if self.momentum is None else counted * self.momentum
        for running, now in ((self.running_mean, mean), (self.running_var, variance)):
            running.add_((now - running) * share)


class _Total(torch.autograd.Function):
    """The sum over ranks, through which gradients flow: torch's own is deprecated, and what follows it not public."""

    @staticmethod
    def forward(_: Any, sums: Tensor) -> Tensor:
        return _total(sums)

    @staticmethod
    def backward(_: Any, gradient: Tensor) -> Tensor:
        return _total(gradient)


def _total(sums: Tensor) -> Tensor:
    total = sums.clone(memory_format=torch.contiguous_format)
    distributed.all_reduce(total)
    return total
