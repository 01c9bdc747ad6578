"""`monte_carlo`: a prediction, and how sure it is, from several passes with dropout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.calls import call, logits_of
from augsvc.torch.regularizers.modes import modes_kept
from augsvc.torch.regularizers.prediction import Prediction


@torch.no_grad()
def monte_carlo(model: nn.Module, inputs: Any, samples: int = 20, *, seed: int | None = None) -> Prediction:
    """Ask a model several times with its dropout at work, as if for members of an ensemble.

    Everything is in training mode but batch normalization, which keeps to its running statistics; afterwards each
    module is in the mode that it was in. Gal and Ghahramani, Dropout as a Bayesian approximation, ICML 2016.

    Args:
        model: gives logits float[rows, classes], or what has them as its `logits`.
        inputs: of the model: a tensor, several in a tuple or list, or a mapping of names.
        samples: passes, 1 or more.
        seed: makes the draws the same each time, and leaves torch's generators as they were; by default they move on.

    Returns the prediction, with a member for each pass. Raises InvalidInput for no pass.
    """
    if samples < 1:
        raise InvalidInput(f"samples is {samples}, but must be at least 1.")
    with _sampling(model), _seeded(seed):
        return Prediction.of_logits(torch.stack([logits_of(call(model, inputs)) for _ in range(samples)]))


@contextmanager
def _sampling(model: nn.Module) -> Iterator[None]:
    with modes_kept(model):
        for module in model.modules():
            module.training = not isinstance(module, nn.modules.batchnorm._BatchNorm)  # noqa: SLF001  all of them
        yield


@contextmanager
def _seeded(seed: int | None) -> Iterator[None]:
    if seed is None:
        yield
        return
    # all devices: a seed is set on each
    with torch.random.fork_rng(range(torch.cuda.device_count())):
        torch.manual_seed(seed)
        yield
