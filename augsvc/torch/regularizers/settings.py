"""The settings of a plan's parts, as JSON or YAML has them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from augsvc.pipeline import parse

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]


class Settings(BaseModel):
    """Settings that cannot be changed, and know no other names."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class DropoutSettings(Settings):
    """Rates of the model's own dropout: `DropoutSchedule`."""

    rate: Share = Field(description="Where the rates go.")
    kind: Literal["constant", "linear", "curriculum"] = Field("constant", description="The way there.")
    steps: Count = Field(1, description="Training steps that it takes; not used by constant.")
    start: Share = Field(0.0, description="Where the rates begin; not used by constant.")


class PenaltySettings(Settings):
    """Penalties of weights, but not of biases and normalization: soft thresholding, and decoupled weight decay."""

    l1: NotNegative = Field(
        0.0, description="Strength of the L1 penalty, a proximal step after each of the optimizer's: exact zeros."
    )
    l2: NotNegative | None = Field(
        None, description="The optimizer's weight decay, as AdamW has it; by default what the optimizer has."
    )


def _is_pipeline(value: str | dict[str, Any]) -> str | dict[str, Any]:
    parse(value)
    return value


class AugmentationSettings(Settings):
    """The stream of augmented texts: `AugmentedStream`, `augmented`."""

    pipeline: Annotated[str | dict[str, Any], AfterValidator(_is_pipeline)] = Field(
        "regularize", description="A preset's name, or a pipeline."
    )
    seed: int = Field(0, ge=0, lt=2**63, description="Key of the augmentation and of the shuffle.")
    copies: Count = Field(1, description="Augmented variants of each row in an epoch.")
    include_original: Literal[False, "rows", "column"] = Field(
        False, description="The text before augmentation as rows of their own, or as the column _original."
    )
    shuffle: Literal["global", "block", "none"] = Field("global", description="The order of an epoch.")


class StoppingSettings(Settings):
    """When training stops: `EarlyStopping`."""

    metric: str = Field("loss", description="The metric's name; in trainers that of the value that they log.")
    mode: Literal["min", "max"] = Field("min", description="Whether lower or higher is better.")
    patience: Count = Field(3, description="So many evaluations in a row without an improvement stop.")
    min_delta: NotNegative = Field(0.0, description="What an improvement must exceed.")
    warmup: int = Field(0, ge=0, description="Evaluations at the beginning that are not judged.")
    restore_best: bool = Field(True, description="Whether the best weights are kept, and given back.")
    threshold: float | None = Field(None, description="Stop as soon as the metric is this good.")
    divergence: float | None = Field(None, description="Stop as soon as the metric is worse than this.")
    budget_seconds: Positive | None = Field(None, description="Stop at the first evaluation later than this.")


class EnsembleSettings(Settings):
    """Several models that decide together: `DeepEnsemble`, trained at once, or `SnapshotEnsemble`, of one training."""

    kind: Literal["deep", "snapshot"] = Field("deep", description="Members of their own, or snapshots of one.")
    members: Count = Field(5, description="How many; of snapshots the last ones.")
    seed: int = Field(0, ge=0, lt=2**62, description="Member i's first weights are drawn under seed + i.")
    vectorised: bool = Field(True, description="Whether members are asked in one pass; else in turn.")
    cycle_steps: Count | None = Field(None, description="Training steps of a cycle; snapshots need it.")

    @model_validator(mode="after")
    def _cycles(self) -> EnsembleSettings:
        if (self.kind == "snapshot") != (self.cycle_steps is not None):
            raise ValueError("a snapshot ensemble needs cycle_steps, and no other ensemble has them")
        return self


class AverageSettings(Settings):
    """An average of the weights over the steps of training: `WeightAverage`."""

    kind: Literal["ema", "swa"] = Field("ema", description="An exponential moving average, or the plain mean.")
    decay: Share = Field(0.999, description="Of the exponential moving average.")
    start: int = Field(0, ge=0, description="The first training step that counts.")
    every: Count = Field(1, description="Training steps between two updates.")


class BatchNormSettings(Settings):
    """What becomes of the model's own batch normalization."""

    synchronized: bool = Field(False, description="Statistics over all ranks, as SyncBatchNorm takes them.")
    recalibrate: bool = Field(
        True, description="Whether running statistics are taken again, at the end, for weights that were averaged."
    )


class PlanSettings(Settings):
    """All the parts of a plan, each with its settings or none."""

    dropout: DropoutSettings | None = Field(None, description="Rates of the model's own dropout.")
    penalty: PenaltySettings | None = Field(None, description="L1 and L2 penalties of the weights.")
    augmentation: AugmentationSettings | None = Field(None, description="How texts are augmented.")
    early_stopping: StoppingSettings | None = Field(None, description="When training stops.")
    ensemble: EnsembleSettings | None = Field(None, description="Several models that decide together.")
    average: AverageSettings | None = Field(None, description="An average of the weights over training.")
    batch_norm: BatchNormSettings | None = Field(None, description="The model's own batch normalization.")
    label_smoothing: Share = Field(
        0.0, description="Share of each target that goes to all classes alike, as in torch's CrossEntropyLoss."
    )
    clip_norm: Positive | None = Field(None, description="Norm that the gradient is scaled down to.")
