"""What keeps a model from overfitting beside augmented text, as small parts that work in any PyTorch loop."""

from augsvc.torch.regularizers.averaging import WeightAverage, ema, swa
from augsvc.torch.regularizers.ensembles import DeepEnsemble
from augsvc.torch.regularizers.prediction import Prediction
from augsvc.torch.regularizers.snapshots import SnapshotEnsemble
from augsvc.torch.regularizers.stopping import EarlyStopping
from augsvc.torch.regularizers.testtime import test_time_augmentation

__all__ = [
    "DeepEnsemble",
    "EarlyStopping",
    "Prediction",
    "SnapshotEnsemble",
    "WeightAverage",
    "ema",
    "swa",
    "test_time_augmentation",
]
