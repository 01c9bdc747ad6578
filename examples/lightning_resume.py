"""PyTorch Lightning over an augmented stream, stopped in mid-epoch and resumed on exactly the next batch.

Run it with `python examples/lightning_resume.py`.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from pathlib import Path
from typing import Any

import lightning
import torch
from classifier import LABELS, Classifier
from lightning.pytorch.callbacks import ModelCheckpoint
from torch import nn
from torchdata.stateful_dataloader import StatefulDataLoader

from augsvc.torch import AugmentedStream
from augsvc.views import Workspace

MESSAGES = Path(__file__).parent / "data" / "messages.jsonl"
EPOCHS, BATCH_ROWS, STOPPED_AT = 3, 32, 17


class Module(lightning.LightningModule):
    """The examples' classifier; `read` collects the positions it has trained on, by epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.classifier = Classifier(seed=0)
        self.read: list[tuple[int, int]] = []

    def training_step(self, batch: dict[str, Any], _: int) -> torch.Tensor:
        """The loss of a batch."""
        self.read += [(self.current_epoch, position) for position in batch["_position"]]
        labels = torch.tensor([LABELS.index(label) for label in batch["label"]])
        return nn.functional.cross_entropy(self.classifier(batch["text"]), labels)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """The classifier's own."""
        return self.classifier.optimizer


def main() -> None:
    """Train with and without a stop; any difference between the two is an error."""
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", module="lightning")
    warnings.filterwarnings("ignore", "'set_vital' is deprecated")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        with MESSAGES.open("rb") as file:
            Workspace(folder).corpora.put("messages", file, "application/x-ndjson")
        whole = train(folder)
        stopped = train(folder, max_steps=STOPPED_AT)
        resumed = train(folder, resume=f"{folder}/checkpoints/step={STOPPED_AT}.ckpt")
    print(f"stopped after {len(stopped.read)} rows, resumed at {resumed.read[0]} (epoch, position)")
    if stopped.read + resumed.read != whole.read:
        raise SystemExit("rows were lost or doubled")
    if not all(torch.equal(one, other) for one, other in zip(whole.parameters(), resumed.parameters(), strict=True)):
        raise SystemExit("the weights differ")
    print(f"all {len(whole.read)} rows of {EPOCHS} epochs once, and equal weights, bit for bit")


def train(data: str, *, max_steps: int = -1, resume: str | None = None) -> Module:
    """Train from the start or from a checkpoint, which is saved at the last step."""
    stream = AugmentedStream(data, "messages", seed=1, batch_size=BATCH_ROWS, local=True)
    module = Module()
    trainer = lightning.Trainer(
        max_epochs=EPOCHS,
        max_steps=max_steps,
        accelerator="cpu",
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[ModelCheckpoint(f"{data}/checkpoints", filename="{step}", every_n_train_steps=STOPPED_AT)],
    )
    trainer.fit(module, StatefulDataLoader(stream, batch_size=None), ckpt_path=resume, weights_only=False)
    return module


if __name__ == "__main__":
    main()
