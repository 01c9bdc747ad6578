"""What is measured of one training: accuracy, gap, calibration, sparsity, and what it cost."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

Percent = Annotated[float, Field(ge=0, le=100)]
LEAST = 1e-9
BINS = 15


class Point(BaseModel):
    """How good a training was after some steps, on a part of the test rows."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")  # of a run that diverged

    step: int
    seconds: float
    """Processor time of training so far."""
    loss: float
    """Mean training loss since the point before."""
    accuracy: Percent


class Figures(BaseModel):
    """One row of the experiment under one seed. Accuracies and the calibration error are in per cent."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")  # of a run that diverged

    seed: int
    accuracy: Percent
    train_accuracy: Percent
    gap: float
    """Accuracy on the rows trained on, as they stand, less that on the test rows: points."""
    nll: float
    """Negative log-likelihood of the test rows, nats a row."""
    ece: Percent
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
    """Return the share of rows whose most probable class is theirs, in per cent."""
    return 100 * (probabilities.argmax(-1) == labels).double().mean().item()


def nll(probabilities: Tensor, labels: Tensor) -> float:
    """Return the mean negative log-likelihood of the rows' classes, in nats, none less probable than LEAST."""
    own = probabilities.gather(1, labels.unsqueeze(1)).double().clamp_min(LEAST)
    return -own.log().mean().item()


def ece(probabilities: Tensor, labels: Tensor) -> float:
    """Return the expected calibration error over BINS bins, in per cent."""
    from torchmetrics.functional.classification import multiclass_calibration_error

    error = multiclass_calibration_error(probabilities, labels, num_classes=probabilities.shape[1], n_bins=BINS)
    return 100 * float(torch.nan_to_num(error))
