"""The plans that an ablation compares where none is given; the first was fitted as docs/ablation.md says."""

from __future__ import annotations

from augsvc.torch.regularizers import RegularizationPlan

PLAN = RegularizationPlan.model_validate(
    {
        "dropout": {"rate": 0.3},
        "penalty": {"l1": 0.1, "l2": 0.1},
        "augmentation": {"pipeline": "eda"},
        "early_stopping": {"metric": "loss", "patience": 8},
        "ensemble": {"members": 5},
        "batch_norm": {},
    }
)
"""For a few hundred rows and a small model over frozen word vectors; docs/ablation.md says what it was fitted to."""

PRETRAINED_PLAN = RegularizationPlan.model_validate(
    {
        "dropout": {"rate": 0.1},
        "penalty": {"l1": 0.01, "l2": 0.01},
        "augmentation": {"pipeline": "regularize"},
        "early_stopping": {"metric": "loss", "patience": 3},
        "ensemble": {"members": 5},
        "batch_norm": {},
    }
)
"""For a pretrained encoder: every technique as mild as fine-tuning has it."""
