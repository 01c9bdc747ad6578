from __future__ import annotations

import torch

from augsvc.torch.regularizers import test_time_augmentation

TEXTS = [f"The {word} dog walked home and slept happily." for word in ("tired", "small", "old", "happy", "quiet")]


def classify(texts):
    return torch.tensor([[len(text) / 10, float(text.count("e"))] for text in texts])


def test_a_service_and_this_process_predict_alike(client):
    served = test_time_augmentation(TEXTS, classify, "eda", copies=3, seed=2, client=client, batch_size=2)
    local = test_time_augmentation(TEXTS, classify, "eda", copies=3, seed=2)
    assert torch.equal(served.probabilities, local.probabilities)
    assert local.variance.any()
