"""Test-time augmentation: one model asked about copies of each text, through a running server and in process.

The classifier is trained from the stream; held-out texts are then classified as they are, and as the mean over copies
that the server, or the engine in this process, makes of each: the same copies, so the same predictions. Run it with
`python examples/test_time.py`.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import torch
from classifier import LABELS, Classifier, training_step
from demo import free_port, serving, split

from augsvc import Client
from augsvc.torch import AugmentedStream
from augsvc.torch.regularizers import Prediction, test_time_augmentation

EPOCHS, COPIES, SEED = 6, 8, 7
PIPELINE = {"ops": [{"type": "synonym", "rate": 0.1}, {"type": "contraction", "rate": 0.2}]}


def main() -> None:
    """Train, predict in both ways, and fail unless they agree."""
    torch.set_num_threads(1)
    training, held_out = split()
    texts = [message["text"] for message in held_out]
    targets = torch.tensor([LABELS.index(message["label"]) for message in held_out])
    with tempfile.TemporaryDirectory() as folder:
        data, port = Path(folder, "data"), free_port()
        url = f"http://127.0.0.1:{port}"
        with serving(data, port), Client(url) as client:
            client.put_corpus("messages", training, media_type="application/x-ndjson")
            model = trained(url)
            served = test_time_augmentation(texts, model, PIPELINE, copies=COPIES, seed=SEED, client=client)
    here = test_time_augmentation(texts, model, PIPELINE, copies=COPIES, seed=SEED)
    if not torch.equal(served.probabilities, here.probabilities):
        raise SystemExit("the server and this process predict otherwise: the copies were not the same")
    print(f"{COPIES} copies of each of {len(texts)} texts by the server and in process: equal predictions")
    report(served, model(texts).argmax(1), targets)
    doubtful = int(served.mutual_information.argmax())
    print(f"most in doubt: {json.dumps(texts[doubtful])}")


def trained(url: str) -> Classifier:
    """A classifier, after some epochs of the stream."""
    model = Classifier(seed=0)
    stream = AugmentedStream(url, "messages", seed=1, copies=4, batch_size=32)
    for _ in range(EPOCHS):
        for batch in stream:
            training_step(model, batch)
    return model.eval()


def report(prediction: Prediction, alone: torch.Tensor, targets: torch.Tensor) -> None:
    """Print the share of texts that is right, by the texts alone, by the copies, and where these agree most."""
    right = prediction.labels == targets
    certain = prediction.mutual_information.argsort()[: len(targets) // 2]
    for name, found in (
        ("the texts alone", alone == targets),
        ("mean over text and copies", right),
        ("vote", prediction.vote == targets),
        ("mean, on the half where copies disagree least", right[certain]),
    ):
        print(f"{name}: {found.float().mean().item():.1%} right of {len(found)}")


if __name__ == "__main__":
    main()
