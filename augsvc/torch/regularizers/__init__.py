"""What keeps a model from overfitting beside augmented text, as small parts that work in any PyTorch loop."""

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

__all__ = [
    "PLANS",
    "DeepEnsemble",
    "DropoutSchedule",
    "EarlyStopping",
    "ElasticNet",
    "EmbeddingDropout",
    "LayerDrop",
    "LockedDropout",
    "MaskedBatchNorm1d",
    "Mixed",
    "Prediction",
    "ProximalL1",
    "RegularizationPlan",
    "Regularizers",
    "SnapshotEnsemble",
    "Sparsity",
    "WeightAverage",
    "WordDropout",
    "consistency_loss",
    "ema",
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
    "weight_decay_groups",
    "weights",
]
