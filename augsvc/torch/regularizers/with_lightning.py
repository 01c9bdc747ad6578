"""A plan in a training by PyTorch Lightning."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Callback, EarlyStopping, Timer
from lightning.pytorch.trainer.states import TrainerFn

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.handle import Regularizers
from augsvc.torch.regularizers.randomness import load_random_state, random_state
from augsvc.torch.regularizers.settings import StoppingSettings


def lightning_callbacks(training: Regularizers) -> list[Callback]:
    """Return what a plan needs in a Lightning `Trainer`: `LightningRegularizers`, and Lightning's own `EarlyStopping`.

    ```python
    training = plan.apply(module.model, lr=1e-3)  # what the module's configure_optimizers returns: training.optimizer
    trainer = Trainer(callbacks=lightning_callbacks(training))
    trainer.fit(module, loader, validation)
    model = training.finish()
    ```

    The module logs the plan's metric in validation. `EarlyStopping` and, for a budget, `Timer` are configured from the
    plan; Lightning knows no warm-up, and a threshold only as what must be passed, so with one of these the callback of
    ours decides. Leave the Trainer's own clipping off. Where the plan averages weights, validate `training.evaluated`:
    it is what is kept, so it is what must be judged.
    """
    settings = training.plan.early_stopping
    own = settings is not None and (settings.warmup > 0 or settings.threshold is not None)
    callbacks: list[Callback] = [LightningRegularizers(training, stops=own)]
    return callbacks + ([] if settings is None or own else _lightnings(settings))


class LightningRegularizers(Callback):
    """Does around each optimizer's step, and after each validation, what a plan says; its state goes with checkpoints.

    Args:
        training: the plan's handle.
        stops: whether it stops the trainer, where no other callback does.
    """

    def __init__(self, training: Regularizers, *, stops: bool = True) -> None:
        self.training, self._stops = training, stops
        self._stepped = False
        self._random: dict[str, Any] | None = None

    def on_train_batch_start(self, *_: Any) -> None:
        """Let generators go on from a checkpoint: making loaders has drawn from them since it was read."""
        if self._random is not None:
            load_random_state(self._random)
            self._random = None

    def on_before_optimizer_step(self, *_: Any) -> None:
        """Clip the gradient."""
        self.training.before_step()
        self._stepped = True

    def on_train_batch_end(self, *_: Any) -> None:
        """Follow the optimizer's step, unless gradients were only gathered."""
        if self._stepped:
            self.training.after_step()
        self._stepped = False

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:  # noqa: ARG002
        """Judge the metric that the module has logged; raises InvalidInput if it has not."""
        settings = self.training.plan.early_stopping
        if settings is None or trainer.sanity_checking or trainer.state.fn != TrainerFn.FITTING:
            return
        if settings.metric not in trainer.callback_metrics:
            known = ", ".join(map(str, trainer.callback_metrics)) or "nothing"
            raise InvalidInput(f"The plan watches {settings.metric!r}, but the module has logged {known}.")
        stop = self.training.epoch_end(trainer.callback_metrics[settings.metric])
        trainer.should_stop = trainer.should_stop or (stop and self._stops)

    def state_dict(self) -> dict[str, Any]:
        """What Lightning puts into its checkpoint, which lacks the state of generators."""
        return self.training.state_dict(whole=False) | {"random": random_state()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.training.load_state_dict(state_dict)
        self._random = state_dict["random"]


def _lightnings(settings: StoppingSettings) -> list[Callback]:
    callbacks: list[Callback] = [
        EarlyStopping(
            settings.metric,
            mode=settings.mode,
            patience=settings.patience,
            min_delta=settings.min_delta,
            divergence_threshold=settings.divergence,
        )
    ]
    if settings.budget_seconds is not None:
        callbacks.append(Timer(timedelta(seconds=settings.budget_seconds)))
    return callbacks
