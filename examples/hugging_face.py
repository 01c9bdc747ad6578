"""A Hugging Face `Trainer` over a data set that is augmented as it is read, stopped at step 900 of 1,000 and resumed.

Nothing is uploaded and no server runs: `augmented` wraps the data set. Run it with `python examples/hugging_face.py`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from classifier import LABELS, Classifier
from datasets import Dataset
from torch import nn

from augsvc.torch import EpochCallback, augmented

MESSAGES = Path(__file__).parent / "data" / "messages.jsonl"
STOPPED_AT, STEPS, BATCH_ROWS = 900, 1_000, 4


class Counted:
    """A data set that counts the rows it is asked for."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset, self.asked = dataset, 0

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> Mapping[str, Any]:
        self.asked += 1
        row: Mapping[str, Any] = self.dataset[index]
        return row


class Model(nn.Module):
    """The examples' classifier, as a `Trainer` calls it."""

    def __init__(self) -> None:
        super().__init__()
        self.classifier = Classifier(seed=0)

    def forward(self, texts: Sequence[str], labels: torch.Tensor) -> dict[str, torch.Tensor]:
        """The loss, float32[]."""
        return {"loss": nn.functional.cross_entropy(self.classifier(texts), labels)}


class StopAt(transformers.TrainerCallback):
    """Saves and stops at a step, as a job whose time is up."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_step_end(self, _: Any, state: Any, control: Any, **__: Any) -> None:
        """Stop there."""
        control.should_save = control.should_training_stop = state.global_step == self.step


def main() -> None:
    """Train with and without a stop; any difference between the two is an error."""
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    messages = Dataset.from_list(rows * (STEPS // 2 * BATCH_ROWS // len(rows) + 1)).select(
        range(STEPS // 2 * BATCH_ROWS)
    )
    with tempfile.TemporaryDirectory() as folder:
        whole, read = train(messages, f"{folder}/whole")
        print(f"{STEPS} steps of {BATCH_ROWS} rows, two epochs: {read} rows augmented")
        _, read = train(messages, f"{folder}/stopped", stop=STOPPED_AT)
        print(f"stopped at step {STOPPED_AT}: {read} rows augmented")
        resumed, read = train(messages, f"{folder}/stopped", resume=f"{folder}/stopped/checkpoint-{STOPPED_AT}")
        print(f"resumed for the last {STEPS - STOPPED_AT} steps: {read} rows augmented")
    if not all(torch.equal(one, other) for one, other in zip(whole.parameters(), resumed.parameters(), strict=True)):
        raise SystemExit("the weights differ: the rows were not the same")
    if read != (STEPS - STOPPED_AT) * BATCH_ROWS:
        raise SystemExit("rows were augmented only to be skipped")
    print("the weights are equal, bit for bit")


def train(
    messages: Dataset, folder: str, *, stop: int | None = None, resume: str | None = None
) -> tuple[nn.Module, int]:
    """Train two epochs, or up to a stop, or from a checkpoint; return the model, and how many rows were augmented."""
    counted = Counted(messages)
    dataset = augmented(counted, seed=1)
    arguments = transformers.TrainingArguments(
        folder,
        per_device_train_batch_size=BATCH_ROWS,
        num_train_epochs=2,
        remove_unused_columns=False,  # the collator needs the text
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        disable_tqdm=True,
    )
    callbacks = [EpochCallback(dataset), *([StopAt(stop)] if stop else [])]
    trainer = transformers.Trainer(Model(), arguments, collate, dataset, callbacks=callbacks)
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.train(resume_from_checkpoint=resume)
    return trainer.model, counted.asked


def collate(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """A batch: where a tokenizer has its place, as the text of a row differs in every epoch."""
    return {
        "texts": [row["text"] for row in rows],
        "labels": torch.tensor([LABELS.index(row["label"]) for row in rows]),
    }


if __name__ == "__main__":
    main()
