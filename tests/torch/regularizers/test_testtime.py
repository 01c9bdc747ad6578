from __future__ import annotations

import pytest
import torch

from augsvc import augment
from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import test_time_augmentation

TEXTS = [f"The {word} dog walked home and slept happily." for word in ("tired", "small", "old", "happy", "quiet")]


def classify(texts):
    """Scores that tell texts apart: by length, and by how often they say e."""
    return torch.tensor([[len(text) / 10, float(text.count("e"))] for text in texts])


def test_the_members_are_the_text_and_its_copies():
    prediction = test_time_augmentation(TEXTS, classify, copies=3, seed=4)
    copies = [result.text for result in augment(TEXTS, copies=3, seed=4)]
    expected = [classify(TEXTS), *(classify(copies[copy::3]) for copy in range(3))]
    assert torch.equal(prediction.probabilities, torch.stack(expected).softmax(-1))
    alone = test_time_augmentation(TEXTS, classify, copies=3, seed=4, original=False)
    assert torch.equal(alone.probabilities, prediction.probabilities[1:])


@pytest.mark.parametrize("batch_size", [1, 2, 5, 100])
def test_batches_change_nothing(batch_size):
    whole = test_time_augmentation(TEXTS, classify, "eda", copies=2, seed=1)
    cut = test_time_augmentation(TEXTS, classify, "eda", copies=2, seed=1, batch_size=batch_size)
    assert torch.equal(whole.probabilities, cut.probabilities)


def test_ids_are_the_rows_of_the_key():
    backwards = test_time_augmentation(TEXTS[::-1], classify, "eda", ids=range(4, -1, -1), seed=1)
    forwards = test_time_augmentation(TEXTS, classify, "eda", seed=1)
    assert torch.equal(backwards.probabilities.flip(1), forwards.probabilities)


@pytest.mark.parametrize(
    ("texts", "options"), [([], {}), (TEXTS, {"copies": 0}), (TEXTS, {"ids": [1]}), (TEXTS, {"batch_size": 0})]
)
def test_arguments_out_of_range_are_refused(texts, options):
    with pytest.raises(InvalidInput):
        test_time_augmentation(texts, classify, **options)
