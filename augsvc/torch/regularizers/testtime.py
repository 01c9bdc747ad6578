"""Test-time augmentation: an ensemble of one model over augmented copies of each text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from augsvc import augment
from augsvc.client import Client
from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.prediction import Prediction

if TYPE_CHECKING:
    from augsvc.pipeline import Pipeline

Classify = Callable[[list[str]], Tensor]
"""Texts to logits [texts, classes]."""


@torch.no_grad()
def test_time_augmentation(
    texts: Sequence[str],
    classify: Classify,
    pipeline: str | Mapping[str, Any] | Pipeline = "regularize",
    *,
    copies: int = 4,
    original: bool = True,
    seed: int = 0,
    ids: Sequence[int | str] | None = None,
    client: Client | None = None,
    batch_size: int = 256,
) -> Prediction:
    """Return what a model says of each text and of augmented copies of it: the text first, then the copies.

    ```python
    prediction = test_time_augmentation(texts, lambda batch: model(tokenize(batch)), copies=8, seed=1)
    labels, doubt = prediction.labels, prediction.mutual_information
    ```

    The copies are those that `augsvc.augment` gives for `ids`, so the same texts under the same ids are predicted alike
    in any batches and on any machine. Shanmugam et al., Better aggregation in test-time augmentation, ICCV 2021; for
    text Lu et al., Improved text classification via test-time augmentation, 2022.

    Args:
        texts: what to classify, a text or more.
        classify: any function of a list of texts to logits [texts, classes]; put the model in evaluation mode first.
        pipeline: a preset's name, a Pipeline, or a mapping of its JSON.
        copies: augmented copies of each text, 1 or more.
        original: whether the text as it is takes part.
        seed: key of the augmentation.
        ids: each text's row in the key; by default its position.
        client: asks a service; by default the engine in this process.
        batch_size: texts that are augmented, and classified, at a time.

    Raises InvalidInput for no text or copies, else as `augsvc.augment` does.
    """
    rows = list(range(len(texts)) if ids is None else ids)
    if not texts or copies < 1 or batch_size < 1 or len(rows) != len(texts):
        raise InvalidInput("There must be a text, a copy and a batch of one or more, and ids as many as texts.")
    batches = []
    for at in range(0, len(texts), batch_size):
        part = list(texts[at : at + batch_size])
        done = _augmented(client, part, pipeline, seed=seed, ids=rows[at : at + batch_size], copies=copies)
        columns = [part] * original + [done[copy::copies] for copy in range(copies)]
        batches.append(torch.stack([classify(column) for column in columns]))
    return Prediction.of_logits(torch.cat(batches, 1))


# pytest would take it for a test wherever one imports it
test_time_augmentation.__test__ = False  # type: ignore[attr-defined]


def _augmented(client: Client | None, texts: list[str], pipeline: Any, **key: Any) -> list[str]:
    if client is None:
        return [result.text for result in augment(texts, pipeline, **key)]
    return [result["text"] for result in client.augment(texts, pipeline, return_edits=False, **key)["results"]]
