"""`MaskedBatchNorm1d`: batch normalization of texts of different lengths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.autograd.function import once_differentiable

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.precision import exact

Over = Callable[[Tensor], Tensor]


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
        precise = exact(x)
        weight, bias = (self.weight, self.bias) if self.affine else (precise.new_ones(()), precise.new_zeros(()))
        if self.training or self.running_mean is None or self.running_var is None:
            tokens, which = precise.reshape(-1, self.num_features), valid.reshape(-1, 1)
            over = _over_ranks if self.synchronized and self.training else _of_one
            # torch's compiler traces no autograd.Function under vmap, and fuses plain operations itself
            if torch.compiler.is_compiling() and over is _of_one:
                out, count, mean, squares = _plainly(tokens, which, weight, bias, self.eps)
            else:
                out, count, mean, squares, *_ = _Normalize.apply(tokens, which, weight, bias, self.eps, over)  # type: ignore[no-untyped-call]
            if self.training and self.track_running_stats:
                self._track(count, mean, squares)
            normalized: Tensor = out.view_as(x).to(x.dtype)
            return normalized
        centred = torch.where(valid, precise - self.running_mean, 0)
        scaled = torch.addcmul(bias, centred, weight * (self.running_var + self.eps).rsqrt())
        return torch.where(valid, scaled, 0).to(x.dtype)

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

    @torch.no_grad()
    def _track(self, count: Tensor, mean: Tensor, squares: Tensor) -> None:
        """Move the running statistics, if there are any, towards those of a batch, if it has two tokens."""
        if self.num_batches_tracked is None or self.running_mean is None or self.running_var is None:
            return
        counted = count > 1
        self.num_batches_tracked.add_(counted)
        share = counted / self.num_batches_tracked.clamp_min(1) if self.momentum is None else counted * self.momentum
        for running, now in ((self.running_mean, mean), (self.running_var, squares / (count - 1).clamp_min(1))):
            running.add_((now - running) * share)


class _Normalize(torch.autograd.Function):
    """Normalizes x [tokens, features] where valid [tokens, 1] is true, and gives zeros elsewhere.

    Besides it gives the number of valid tokens, their mean, the sum of the squares of what differs from it, and two for
    the gradient, whose closed form takes half the time of autograd's. `over` sums over ranks.
    """

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, valid: Tensor, weight: Tensor, bias: Tensor, eps: float, over: Over) -> tuple[Tensor, ...]:
        ones = valid.to(x.dtype)
        known = _only(x, valid)
        sums = over(torch.cat([known.sum(0), ones.sum(0)]))
        count, mean = sums[-1], sums[:-1] / sums[-1].clamp_min(1)
        centred = known.sub_(mean).mul_(ones)
        squares = over(centred.square().sum(0))
        inverse = (squares / count.clamp_min(1) + eps).rsqrt()
        normal = centred.mul_(inverse)
        return torch.addcmul(bias, normal, weight).mul_(ones), count, mean, squares, normal, inverse

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], outputs: tuple[Tensor, ...]) -> None:
        _, valid, weight, _, _, ctx.over = inputs
        _, count, _, _, normal, inverse = outputs
        ctx.mark_non_differentiable(*outputs[1:])
        ctx.save_for_backward(valid, weight, count, normal, inverse)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor, *_: Tensor) -> tuple[Tensor | None, ...]:
        valid, weight, count, normal, inverse = ctx.saved_tensors
        gradient = _only(gradient, valid)
        bias_gradient, weight_gradient = gradient.sum(0), (gradient * normal).sum(0)
        means = ctx.over(torch.stack([bias_gradient, weight_gradient])) / count.clamp_min(1)
        rest = torch.addcmul(means[0], normal, means[1]).sub_(gradient)
        return rest.mul_(-weight * inverse).mul_(valid), None, weight_gradient, bias_gradient, None, None


def _plainly(x: Tensor, valid: Tensor, weight: Tensor, bias: Tensor, eps: float) -> tuple[Tensor, ...]:
    """What `_Normalize` gives first, by operations that differentiate themselves."""
    count = valid.to(x.dtype).sum()
    mean = torch.where(valid, x, 0).sum(0) / count.clamp_min(1)
    centred = torch.where(valid, x - mean, 0)
    squares = centred.square().sum(0)
    inverse = (squares / count.clamp_min(1) + eps).rsqrt()
    return torch.where(valid, torch.addcmul(bias, centred * inverse, weight), 0), count, mean, squares


def _only(x: Tensor, valid: Tensor) -> Tensor:
    """What is valid, and zero elsewhere even for NaN: by bits, a fraction of the time of `torch.where` on a CPU."""
    bits = torch.int32 if x.dtype == torch.float32 else torch.int64
    return (x.view(bits) & -valid.to(bits)).view(x.dtype)


def _of_one(sums: Tensor) -> Tensor:
    return sums


def _over_ranks(sums: Tensor) -> Tensor:
    if distributed.is_available() and distributed.is_initialized():
        sums = sums.contiguous()
        distributed.all_reduce(sums)
    return sums
