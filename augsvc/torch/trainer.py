"""`EpochCallback`: a map-style data set that follows the epochs of `transformers.Trainer`."""

from __future__ import annotations

from typing import Any, Protocol

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class HasEpoch(Protocol):
    """What has epochs: `augmented(...)`, `AugmentedMap`."""

    def set_epoch(self, epoch: int) -> None:
        """Read another epoch."""


class EpochCallback(TrainerCallback):
    """Tells a data set each epoch before its first row is read, that of a resumed checkpoint too.

    Without it a `Trainer` tells the data set as well, by Accelerate's `DataLoaderShard.set_epoch`, but not where a
    sampler stands two layers deep: in the epoch that a checkpoint resumes in, and with several processes. The data set
    would then stay in epoch 0.
    """

    def __init__(self, dataset: HasEpoch) -> None:
        self._dataset = dataset

    def on_epoch_begin(
        self,
        args: TrainingArguments,  # noqa: ARG002  the signature is Trainer's
        state: TrainerState,
        control: TrainerControl,
        **_: Any,
    ) -> TrainerControl:
        """Set the epoch that begins or, after a resume, goes on: the whole part of the state's."""
        self._dataset.set_epoch(int(state.epoch or 0))
        return control
