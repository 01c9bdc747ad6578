"""`RegularizationPlan`: all that keeps a training from overfitting, as one document."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from torch import nn
from torch.optim import Optimizer

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.handle import Regularizers
from augsvc.torch.regularizers.optimizers import Groups
from augsvc.torch.regularizers.settings import AugmentationSettings, PlanSettings
from augsvc.torch.stream import AugmentedStream
from augsvc.torch.wrap import AugmentedDataset, Rows, augmented
from augsvc.types import JsonObject

_UNCHANGED: JsonObject = {"ops": [{"type": "synonym", "rate": 0}]}


class RegularizationPlan(PlanSettings):
    """Dropout, penalties, augmentation, early stopping, ensembles and batch normalization, each with its settings.

    ```python
    plan = load_plan("plan.yaml")
    training = plan.apply(model, lr=1e-3)
    for epoch in range(20):
        for batch in plan.stream("http://127.0.0.1:8000", "reviews", batch_size=32):
            training.loss(training.model(tokens(batch)), labels(batch)).backward()
            training.step()
        if training.epoch_end(validation_loss(training.evaluated)):
            break
    model = training.finish()
    ```

    What is left out, or null, is left as it is; dropout of rate 0 is switched off.
    """

    def document(self) -> JsonObject:
        """Return the plan as JSON, without what is left at its default."""
        form: JsonObject = self.model_dump(mode="json", exclude_defaults=True)
        return form

    def apply(
        self,
        model: nn.Module | Callable[[], nn.Module],
        optimizer: Optimizer | Callable[[Groups], Optimizer] | None = None,
        *,
        lr: float = 1e-3,
    ) -> Regularizers:
        """Return a handle that does, in a training loop, what the plan says; see `Regularizers`.

        Args:
            model: what is trained, changed in place; or a function without arguments that makes it, which a deep
                ensemble needs for members of their own. Let DistributedDataParallel wrap the handle's `model`.
            optimizer: a function of parameter groups, such as `partial(torch.optim.SGD, lr=0.1)`; or one over the
                model's parameters, made before any learning-rate schedule, whose groups are cut in two for weight
                decay. By default AdamW.
            lr: learning rate of the default optimizer.

        Raises InvalidInput for a model without the dropout or batch normalization that the plan sets, a deep ensemble
        of one model or of more or fewer members than the plan has, or an optimizer that knows no weight decay.
        """
        return Regularizers(self, model, optimizer, lr=lr)

    def stream(
        self, source: str | list[str] | os.PathLike[str], corpus: str, *, batch_size: int, **options: Any
    ) -> AugmentedStream:
        """Return the stream of a corpus, augmented as the plan says, or as it is; `options` are `AugmentedStream`'s."""
        settings = self.augmentation or AugmentationSettings(pipeline=_UNCHANGED)
        return AugmentedStream(source, corpus, batch_size=batch_size, **{**settings.model_dump(), **options})

    def augmented(self, dataset: Rows, **options: Any) -> AugmentedDataset:
        """Return a map-style data set, augmented as the plan says, or as it is; `options` are those of `augmented`.

        Raises InvalidInput for copies or originals as rows of their own: a row is one item of a map-style data set.
        """
        settings = self.augmentation or AugmentationSettings(pipeline=_UNCHANGED)
        if settings.copies > 1 or settings.include_original == "rows":
            raise InvalidInput('A map-style data set has a text a row: copies and original "rows" are for streams.')
        told = {"seed": settings.seed, "include_original": settings.include_original}
        return augmented(dataset, settings.pipeline, **{**told, **options})
