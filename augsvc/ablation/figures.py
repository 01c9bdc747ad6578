"""What is measured of one training: accuracy, gap, calibration, sparsity, and what it cost."""

from __future__ import annotations

import math
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from augsvc.ablation.finite import OR_MISSING, Finite, Part

Percent = Annotated[float, Field(ge=0, le=100)]
LEAST = 1e-9
BINS = 15


class Point(Part):
    """How good a training was after some steps, on a part of the test rows."""

    step: int
    seconds: float
    """Processor time of training so far."""
    loss: Finite
    """Mean training loss since the point before."""
    accuracy: Percent


class Figures(Part):
    """One row of the experiment under one seed. Accuracies and the calibration error are in per cent."""

    seed: int
    accuracy: Percent
    train_accuracy: Percent
    gap: float
    """Accuracy on the rows trained on, as they stand, less that on the test rows: points."""
    nll: Finite
    """Negative log-likelihood of the test rows, nats a row."""
    ece: Annotated[Percent | None, OR_MISSING]
    """Expected calibration error (Guo et al., On calibration of modern neural networks, ICML 2017), 15 bins."""
    zeros: Percent
    """Parameters that are exactly zero."""
    steps: int
    seconds: float
    """Processor time of training."""
    robustness: dict[str, Percent]
    """Accuracy on test rows perturbed by each preset."""
    curve: tuple[Point, ...]


def accuracy(probabilities: Tensor, labels: Tensor) -> float:
    """Return the share of rows whose most probable class is theirs, in per cent; a row of NaN names none."""
    right = (probabilities.argmax(-1) == labels) & probabilities.isfinite().all(-1)
    return 100 * right.double().mean().item()


def nll(probabilities: Tensor, labels: Tensor) -> float:
    """Return the mean negative log-likelihood of the rows' classes, in nats, none less probable than LEAST."""
    own = probabilities.gather(1, labels.unsqueeze(1)).double().clamp_min(LEAST)
    return -own.log().mean().item()


def ece(probabilities: Tensor, labels: Tensor) -> float:
    """Return the expected calibration error over BINS bins, in per cent; NaN where a probability is."""
    from torchmetrics.functional.classification import multiclass_calibration_error

    if not probabilities.isfinite().all():
        return math.nan
    error = multiclass_calibration_error(probabilities, labels, num_classes=probabilities.shape[1], n_bins=BINS)
    return 100 * float(torch.nan_to_num(error))
