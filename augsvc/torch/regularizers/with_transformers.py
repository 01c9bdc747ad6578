"""A plan in a training by the Trainer of Hugging Face."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from transformers import EarlyStoppingCallback, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.handle import Regularizers
from augsvc.torch.regularizers.settings import PlanSettings, StoppingSettings

STATE = "regularizers.pt"
"""The file of a plan's state in each checkpoint's folder."""

_PREFIX = "eval_"
_ONE_SET = "eval_runtime"
"""A metric of every evaluation; where there are several sets, a set's name is in it."""


def trainer_arguments(plan: PlanSettings) -> dict[str, Any]:
    """Return what a plan says of a Trainer's own arguments: clipping, label smoothing, the metric of the best model.

    ```python
    TrainingArguments(folder, eval_strategy="epoch", save_strategy="epoch", **trainer_arguments(plan))
    ```
    """
    arguments: dict[str, Any] = {"label_smoothing_factor": plan.label_smoothing, "max_grad_norm": plan.clip_norm or 0.0}
    if plan.early_stopping is not None:
        arguments |= {
            "metric_for_best_model": _watched(plan.early_stopping),
            "greater_is_better": plan.early_stopping.mode == "max",
            "load_best_model_at_end": plan.early_stopping.restore_best,
        }
    return arguments


def trainer_callbacks(training: Regularizers) -> list[TrainerCallback]:
    """Return what a plan needs in a Trainer: `TrainerRegularizers`, and transformers' own `EarlyStoppingCallback`.

    ```python
    training = plan.apply(model, lr=2e-5)
    trainer = Trainer(
        model,
        TrainingArguments(folder, eval_strategy="epoch", save_strategy="epoch", **trainer_arguments(plan)),
        train_dataset=plan.augmented(dataset),
        optimizers=(training.optimizer, None),
        callbacks=trainer_callbacks(training),
        ...
    )
    trainer.train()
    ```

    `EarlyStoppingCallback` knows patience and min_delta, in its own way: each gain counts from the last, and after a
    resume it waits anew. With a warm-up, a threshold, a divergence or a budget the callback of ours decides. The
    Trainer evaluates the weights that it trains, so it is by those that an average of weights is kept or not.

    Raises InvalidInput for snapshots, whose learning rate the Trainer's own schedule would overwrite.
    """
    if training.snapshots is not None:
        raise InvalidInput("A Trainer sets the learning rate itself: snapshots need a loop of your own, or Lightning.")
    settings = training.plan.early_stopping
    if settings is None or not _known(settings):
        return [TrainerRegularizers(training)]
    return [
        TrainerRegularizers(training, stops=False),
        EarlyStoppingCallback(settings.patience, settings.min_delta),
    ]


class TrainerRegularizers(TrainerCallback):
    """Does around each optimizer's step, and after each evaluation, what a plan says.

    Its state is saved beside each checkpoint's, and read where training goes on from one in the Trainer's own folder.

    Args:
        training: the plan's handle; its optimizer is the Trainer's.
        stops: whether it stops the Trainer, where no other callback does.
    """

    def __init__(self, training: Regularizers, *, stops: bool = True) -> None:
        self.training, self._stops, self._fitting = training, stops, False
        self._came, self._others = False, set[frozenset[str]]()

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002
        """Go on from a checkpoint; raises InvalidInput if a plan's state is not in it."""
        self._fitting, self._came = True, False
        self._others.clear()
        if state.global_step:
            path = _file(args, state)
            if not path.is_file():
                raise InvalidInput(f"{path} is not there: a checkpoint of a training without this callback.")
            self.training.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))

    def on_pre_optimizer_step(self, *_: Any, **__: Any) -> None:
        """Note the learning rate; the Trainer has clipped the gradient."""
        self.training.before_step(clip=False)

    def on_optimizer_step(self, *_: Any, **__: Any) -> None:
        """Follow the optimizer's step."""
        self.training.after_step()

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **told: Any) -> None:  # noqa: ARG002
        """Judge the metric of an evaluation in training, of several sets that of one.

        Raises InvalidInput if it was not computed, nor can another set have it.
        """
        settings = self.training.plan.early_stopping
        if settings is None or not self._fitting:
            return
        name = _watched(settings)
        if name not in told["metrics"]:
            self._pass_over(name, told["metrics"])
            return
        self._came = True
        stop = self.training.epoch_end(told["metrics"][name])
        control.should_training_stop = control.should_training_stop or (stop and self._stops)

    def on_train_end(self, *_: Any, **__: Any) -> None:
        """Judge no more: what is evaluated from now on is another's business; raises InvalidInput if nothing was."""
        self._fitting = False
        settings = self.training.plan.early_stopping
        if settings is not None and self._others and not self._came:
            raise _missing(_watched(settings), sorted(frozenset().union(*self._others)))

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002
        """Save the plan's state, which is that of every rank, beside the checkpoint."""
        if state.is_world_process_zero:
            torch.save(self.training.state_dict(whole=False), _file(args, state))

    def _pass_over(self, name: str, metrics: Iterable[str]) -> None:
        """Let another set of several have the metric, unless there is one set alone, or one comes again before it."""
        told = frozenset(metric for metric in metrics if metric.startswith(_PREFIX))
        if not told:  # an evaluation of the user's own
            return
        if not self._came and (_ONE_SET in told or told in self._others):
            raise _missing(name, metrics)
        self._others.add(told)


def _watched(settings: StoppingSettings) -> str:
    """The metric's name in a Trainer, which a plan may have with or without the prefix, as a Trainer's arguments."""
    return _PREFIX + settings.metric.removeprefix(_PREFIX)


def _missing(name: str, known: Iterable[str]) -> InvalidInput:
    metrics = ", ".join(known)
    return InvalidInput(f"The plan watches {name!r}, but there are {metrics}: name one, or pass compute_metrics.")


def _known(settings: StoppingSettings) -> bool:
    others = (settings.threshold, settings.divergence, settings.budget_seconds)
    return not settings.warmup and all(value is None for value in others)


def _file(args: TrainingArguments, state: TrainerState) -> Path:
    return Path(args.output_dir or ".") / f"{PREFIX_CHECKPOINT_DIR}-{state.global_step}" / STATE
