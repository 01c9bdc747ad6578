"""A Hugging Face Trainer over a wrapped data set."""

from __future__ import annotations

import pytest
import torch
import transformers
from datasets import Dataset

from augsvc import augment
from augsvc.torch import EpochCallback, augmented

NOTES = Dataset.from_list([{"text": f"Note {i}: the tired dog walked home and slept happily."} for i in range(24)])

# They warn of one another.
pytestmark = pytest.mark.filterwarnings("ignore")


class Model(torch.nn.Module):
    """One weight."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, sizes):
        return {"loss": ((self.weight - sizes) ** 2).mean()}


def expected(epochs):
    return [sorted(result.text for result in augment(NOTES["text"][:], seed=1, epoch=epoch)) for epoch in epochs]


def trained(folder, *, resume=None, workers=0, **options):
    """The texts of each step, as the collator of a Trainer got them."""
    seen = folder / f"seen-{resume is not None}"
    rows = augmented(NOTES, seed=1)

    def collate(batch):
        with seen.open("a") as file:
            file.writelines(f"{row['text']}\n" for row in batch)
        return {"sizes": torch.tensor([float(len(row["text"])) for row in batch])}

    arguments = transformers.TrainingArguments(
        folder, per_device_train_batch_size=4, remove_unused_columns=False, report_to=[], use_cpu=True,
        disable_tqdm=True, dataloader_num_workers=workers, **options,
    )  # fmt: skip
    trainer = transformers.Trainer(Model(), arguments, collate, rows, callbacks=[EpochCallback(rows)])
    trainer.train(resume_from_checkpoint=resume)
    return seen.read_text().splitlines()


@pytest.mark.parametrize("workers", [0, 1])
def test_every_epoch_has_fresh_text(tmp_path, workers):
    persistent = {"dataloader_persistent_workers": True} if workers else {}
    texts = trained(tmp_path, workers=workers, num_train_epochs=3, save_strategy="no", **persistent)
    assert [sorted(texts[at : at + 24]) for at in (0, 24, 48)] == expected([0, 1, 2])


@pytest.mark.parametrize("step", [9, 12, 16])
@pytest.mark.parametrize("accumulated", [1, 2])
def test_a_resume_reads_the_rest_of_its_epoch_and_the_next(tmp_path, step, accumulated):
    options = {"num_train_epochs": 3, "save_steps": 1, "gradient_accumulation_steps": accumulated}
    whole = trained(tmp_path, **options)
    at = step // accumulated
    rest = trained(tmp_path, resume=str(tmp_path / f"checkpoint-{at}"), **options)
    assert rest == whole[at * accumulated * 4 :]
