"""Batch normalization over all ranks, for those modules that a model has."""

from __future__ import annotations

from typing import Any

from torch import nn

from augsvc.torch.regularizers.batch_norm import MaskedBatchNorm1d


def batch_norms(model: nn.Module) -> list[Any]:
    """Return a model's modules of batch normalization."""
    return [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]  # noqa: SLF001


def synchronize(model: nn.Module) -> None:
    """Let a model's batch normalization take its statistics over all ranks: ours masked, others as SyncBatchNorm."""
    for module in batch_norms(model):
        if isinstance(module, MaskedBatchNorm1d):
            module.synchronized = True
    for parent in list(model.modules()):
        for name, child in parent.named_children():
            if child in batch_norms(child) and not isinstance(child, MaskedBatchNorm1d | nn.SyncBatchNorm):
                synchronized = nn.SyncBatchNorm.convert_sync_batchnorm(child)  # type: ignore[no-untyped-call]
                setattr(parent, name, synchronized)
