"""What keeps a model from overfitting beside augmented text, as small parts that work in any PyTorch loop."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from augsvc.torch.regularizers.averaging import WeightAverage, ema, swa
from augsvc.torch.regularizers.batch_norm import MaskedBatchNorm1d
from augsvc.torch.regularizers.consistency import consistency_loss
from augsvc.torch.regularizers.contrastive import supervised_contrastive_loss
from augsvc.torch.regularizers.dropout import DropoutSchedule, set_dropout
from augsvc.torch.regularizers.ensembles import DeepEnsemble
from augsvc.torch.regularizers.handle import Regularizers
from augsvc.torch.regularizers.layer_drop import LayerDrop
from augsvc.torch.regularizers.locked_dropout import LockedDropout
from augsvc.torch.regularizers.mixing import Mixed, mix_up
from augsvc.torch.regularizers.monte_carlo import monte_carlo
from augsvc.torch.regularizers.plan import RegularizationPlan
from augsvc.torch.regularizers.prediction import Prediction
from augsvc.torch.regularizers.presets import PLANS, load_plan
from augsvc.torch.regularizers.proximal import ElasticNet, ProximalL1
from augsvc.torch.regularizers.r_drop import r_drop
from augsvc.torch.regularizers.recalibration import recalibrate
from augsvc.torch.regularizers.snapshots import SnapshotEnsemble
from augsvc.torch.regularizers.sparsity import Sparsity, sparsity
from augsvc.torch.regularizers.stopping import EarlyStopping
from augsvc.torch.regularizers.testtime import test_time_augmentation
from augsvc.torch.regularizers.weight_decay import weight_decay_groups, weights
from augsvc.torch.regularizers.word_dropout import EmbeddingDropout, WordDropout

if TYPE_CHECKING:
    from augsvc.torch.regularizers.with_lightning import LightningRegularizers, lightning_callbacks
    from augsvc.torch.regularizers.with_transformers import TrainerRegularizers, trainer_arguments, trainer_callbacks

__all__ = [
    "PLANS",
    "DeepEnsemble",
    "DropoutSchedule",
    "EarlyStopping",
    "ElasticNet",
    "EmbeddingDropout",
    "LayerDrop",
    "LightningRegularizers",
    "LockedDropout",
    "MaskedBatchNorm1d",
    "Mixed",
    "Prediction",
    "ProximalL1",
    "RegularizationPlan",
    "Regularizers",
    "SnapshotEnsemble",
    "Sparsity",
    "TrainerRegularizers",
    "WeightAverage",
    "WordDropout",
    "consistency_loss",
    "ema",
    "lightning_callbacks",
    "load_plan",
    "mix_up",
    "monte_carlo",
    "r_drop",
    "recalibrate",
    "set_dropout",
    "sparsity",
    "supervised_contrastive_loss",
    "swa",
    "test_time_augmentation",
    "trainer_arguments",
    "trainer_callbacks",
    "weight_decay_groups",
    "weights",
]

_WITH = {
    "LightningRegularizers": "lightning",
    "TrainerRegularizers": "transformers",
    "lightning_callbacks": "lightning",
    "trainer_arguments": "transformers",
    "trainer_callbacks": "transformers",
}


def __getattr__(name: str) -> Any:
    """Import what needs `lightning` or `transformers` only when it is asked for."""
    if name not in _WITH:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.with_{_WITH[name]}"), name)
