"""`Regularizers`: a plan at work in a training loop."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from typing import Any

from torch import Tensor, nn
from torch.nn import functional
from torch.optim import Optimizer

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.averaging import WeightAverage
from augsvc.torch.regularizers.dropout import DropoutSchedule, set_dropout
from augsvc.torch.regularizers.ensembles import DeepEnsemble
from augsvc.torch.regularizers.optimizers import Groups, optimizer_of
from augsvc.torch.regularizers.proximal import ProximalL1
from augsvc.torch.regularizers.randomness import load_random_state, random_state
from augsvc.torch.regularizers.recalibration import recalibrate
from augsvc.torch.regularizers.settings import PlanSettings
from augsvc.torch.regularizers.snapshots import SnapshotEnsemble
from augsvc.torch.regularizers.stopping import EarlyStopping
from augsvc.torch.regularizers.synchronized import batch_norms, synchronize
from augsvc.torch.regularizers.weight_decay import weights


class Regularizers:
    """What `RegularizationPlan.apply` returns: call `step` in the place of the optimizer's, and `epoch_end`.

    ```python
    training = plan.apply(model)
    for tokens, labels in batches:
        training.loss(training.model(tokens), labels).backward()
        training.step()
    stop = training.epoch_end(validation_loss(training.evaluated))
    ```

    `model` is what is trained: the one that was given, or a `DeepEnsemble`, whose outputs are [members, ...].
    `optimizer` is the one that was given, or AdamW. A loop that calls the optimizer itself calls
    `before_step` and `after_step` around it.
    """

    def __init__(
        self,
        plan: PlanSettings,
        model: nn.Module | Callable[[], nn.Module],
        optimizer: Optimizer | Callable[[Groups], Optimizer] | None = None,
        *,
        lr: float = 1e-3,
    ) -> None:
        self.plan = plan
        self.model = _trained(plan, model)
        _prepare_norms(plan, self.model)
        self.dropout = None if plan.dropout is None else DropoutSchedule(self.model, **plan.dropout.model_dump())
        self.optimizer = optimizer_of(self.model, optimizer, None if plan.penalty is None else plan.penalty.l2, lr)
        self._penalties = _penalties(plan, self.model, self.optimizer)
        self.stopping = None if plan.early_stopping is None else EarlyStopping(**plan.early_stopping.model_dump())
        self.average = None if plan.average is None else WeightAverage(self.model, **plan.average.model_dump())
        self.snapshots = _snapshots(plan, self.optimizer)
        self.steps = self.evaluations = 0
        self._rates: list[float] = []

    @property
    def evaluated(self) -> nn.Module:
        """The model to evaluate and to keep: the average of the weights once there is one, else what is trained."""
        return self.average.model if self.average and self.average.updates else self.model

    def loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the mean cross-entropy of logits [*, classes] and classes int64[*] (-100 counts not), smoothed.

        Of a deep ensemble the logits are [members, *, classes], the targets the same for all or [members, *], and the
        loss is the sum of the members' own.
        """
        if isinstance(self.model, DeepEnsemble):
            return self.model.loss(self._entropy, logits, targets, each=targets.ndim == logits.ndim - 1)
        return self._entropy(logits, targets)

    def step(self) -> None:
        """Take an optimizer's step with all that belongs to it, after `backward`, and clear the gradients."""
        self.before_step()
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.after_step()

    def before_step(self, *, clip: bool = True) -> None:
        """Clip the gradient, unless a trainer does: after `backward`, and after the `unscale_` of a gradient scaler."""
        self._rates = [float(group["lr"]) for group in self.optimizer.param_groups]
        if self.plan.clip_norm is None or not clip:
            return
        if isinstance(self.model, DeepEnsemble):
            self.model.clip_grad_norm_(self.plan.clip_norm)
        else:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.plan.clip_norm)

    def after_step(self) -> None:
        """Penalize, average, keep a snapshot and move the dropout rate: right after the optimizer's step."""
        for rate, penalty in zip(self._rates, self._penalties, strict=False):
            if penalty:
                penalty.step(rate)
        if self.average:
            self.average.update(self.model, self.steps)
        if self.snapshots:
            self.snapshots.step(self.model)
        if self.dropout:
            self.dropout.step()
        self.steps += 1

    def epoch_end(self, metric: float | Tensor) -> bool:
        """Return whether to stop, after an evaluation of `evaluated` (at an epoch's end, or any other time).

        Without early stopping in the plan never; with several ranks each must call it.
        """
        self.evaluations += 1
        return bool(self.stopping and self.stopping.update(metric, self.evaluations - 1, self.evaluated))

    def finish(self, batches: Iterable[Any] | None = None) -> nn.Module:
        """Return the model to use: with the best weights, or of averaged ones, or an ensemble of the snapshots.

        Warns where training was too short for two snapshots, which is no ensemble.

        Args:
            batches: inputs to take batch normalization's running statistics from, where the plan recalibrates them.

        Raises InvalidInput where the plan recalibrates and there are no batches.
        """
        if (ensemble := self._ensemble()) is not None:
            return ensemble
        model = self.evaluated
        if self.stopping:
            self.stopping.restore(model)
        if self.dropout and model is not self.model:
            set_dropout(model, self.dropout.rate)  # a copy from before the schedule
        if model is not self.model and self.plan.batch_norm and self.plan.batch_norm.recalibrate:
            if batches is None:
                raise InvalidInput("The plan recalibrates batch normalization: pass finish some batches of inputs.")
            # torch's own batch normalization reads a count of batches then, which vmap does not let it
            with model.in_turn() if isinstance(model, DeepEnsemble) else nullcontext():
                recalibrate(model, batches)
        return model

    def state_dict(self, *, whole: bool = True) -> dict[str, Any]:
        """What to save for a resume that is exact to the bit: all but the stream's place, which `batch.state` tells.

        Tensors, numbers and text, which `torch.load` reads with `weights_only`. The state of torch's generators is
        that of this process, so with several ranks each saves its own.

        Args:
            whole: whether the states of model, optimizer and generators are in it, which trainers save themselves.
        """
        state: dict[str, Any] = {"steps": self.steps, "evaluations": self.evaluations}
        state |= {name: part and part.state_dict() for name, part in self._parts().items()}
        if whole:
            state |= {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
            state["random"] = random_state()
        return state

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what was saved under a plan of the same parts; raises InvalidInput for another."""
        parts = self._parts()
        if unlike := [name for name, part in parts.items() if (part is None) != (state.get(name) is None)]:
            raise InvalidInput(f"The state is that of another plan: only one of the two has {', '.join(unlike)}.")
        self.steps, self.evaluations = state["steps"], state["evaluations"]
        for name, part in parts.items():
            if part:
                part.load_state_dict(state[name])
        if "model" in state:
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            load_random_state(state["random"])

    def _ensemble(self) -> DeepEnsemble | None:
        """An ensemble of the snapshots, None where there are none; warns where they are too few to be one."""
        settings, snapshots = self.plan.ensemble, self.snapshots
        if settings is None or snapshots is None:
            return None
        if snapshots.count < min(2, settings.members):
            warnings.warn(
                f"Training took {self.steps} steps, and a snapshot is taken every {settings.cycle_steps}, so there is "
                "one model and no ensemble: set ensemble.cycle_steps lower, or train longer.",
                stacklevel=3,
            )
        return snapshots.ensemble(self.model, vectorised=settings.vectorised) if snapshots.count else None

    def _parts(self) -> dict[str, DropoutSchedule | EarlyStopping | WeightAverage | SnapshotEnsemble | None]:
        return {
            "dropout": self.dropout,
            "early_stopping": self.stopping,
            "average": self.average,
            "ensemble": self.snapshots,
        }

    def _entropy(self, logits: Tensor, targets: Tensor) -> Tensor:
        return functional.cross_entropy(
            logits.flatten(0, -2), targets.flatten(), label_smoothing=self.plan.label_smoothing
        )


def _trained(plan: PlanSettings, model: nn.Module | Callable[[], nn.Module]) -> nn.Module:
    if plan.ensemble is None or plan.ensemble.kind != "deep":
        return model if isinstance(model, nn.Module) else model()
    settings = plan.ensemble
    if isinstance(model, DeepEnsemble):
        if "members" in settings.model_fields_set and model.members != settings.members:
            raise InvalidInput(
                f"The plan has {settings.members} members, but the ensemble that is given {model.members}."
            )
        return model
    if isinstance(model, nn.Module):
        raise InvalidInput("A deep ensemble has members of their own: pass a function that makes a model.")
    return DeepEnsemble.create(model, settings.members, seed=settings.seed, vectorised=settings.vectorised)


def _prepare_norms(plan: PlanSettings, model: nn.Module) -> None:
    if plan.batch_norm is None:
        return
    if not batch_norms(model):
        raise InvalidInput("The model has no batch normalization: give it MaskedBatchNorm1d modules.")
    if plan.batch_norm.synchronized:
        if isinstance(model, DeepEnsemble) and model.vectorised:
            raise InvalidInput("Ranks cannot be synchronized in a vectorised pass: set ensemble.vectorised to false.")
        synchronize(model)


def _penalties(plan: PlanSettings, model: nn.Module, optimizer: Optimizer) -> list[ProximalL1 | None]:
    """The L1 penalty of each parameter group, whose learning rate is the length of its steps."""
    if plan.penalty is None or plan.penalty.l1 == 0:
        return []
    chosen = set(weights(model))
    found = [[parameter for parameter in group["params"] if parameter in chosen] for group in optimizer.param_groups]
    return [ProximalL1(part, plan.penalty.l1) if part else None for part in found]


def _snapshots(plan: PlanSettings, optimizer: Optimizer) -> SnapshotEnsemble | None:
    if plan.ensemble is None or plan.ensemble.cycle_steps is None:
        return None
    return SnapshotEnsemble(optimizer, plan.ensemble.cycle_steps, plan.ensemble.members)
