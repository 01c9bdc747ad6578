"""Whether a model is one that can be trained and compared, found out before anything is trained."""

from __future__ import annotations

import torch
from torch import Tensor

from augsvc.ablation.families import Factory
from augsvc.errors import InvalidInput


def check_model(name: str, factory: Factory, batch: tuple[Tensor, Tensor], classes: int) -> None:
    """Make a model and ask it about a batch; raises InvalidInput where it fails, or answers anything but logits."""
    try:
        with torch.random.fork_rng(), torch.no_grad():
            model = factory()
            logits = model.eval()(*batch)
    except Exception as error:  # a user's model may fail in any way
        length, why = batch[0].shape[1], f"{type(error).__name__}: {error}"
        raise InvalidInput(f"the model {name} fails, asked about a text of {length} pieces: {why}") from error
    wanted = (len(batch[0]), classes)
    if not isinstance(logits, Tensor) or logits.shape != wanted:
        found = list(logits.shape) if isinstance(logits, Tensor) else f"a {type(logits).__name__}"
        raise InvalidInput(f"the model {name} answers {found} where logits {list(wanted)} are asked for")
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise InvalidInput(f"the model {name} has no parameter to train")
