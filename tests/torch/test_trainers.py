"""A Hugging Face Trainer over a wrapped data set."""

from __future__ import annotations

import json
import multiprocessing
import os
import socket

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


def train_rank(rank, port, folder, told, options, resume):
    """One of two processes of a training; the texts of each of its batches are a line."""
    where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2"}
    os.environ |= where | {"RANK": str(rank), "LOCAL_RANK": str(rank)}
    torch.set_num_threads(1)
    rows = augmented(NOTES, seed=1)

    def collate(batch):
        with told.open("a") as file:
            print(json.dumps([row["text"] for row in batch]), file=file)
        return {"sizes": torch.tensor([float(len(row["text"])) for row in batch])}

    arguments = transformers.TrainingArguments(
        folder, per_device_train_batch_size=4, remove_unused_columns=False, report_to=[], use_cpu=True,
        ddp_backend="gloo", disable_tqdm=True, num_train_epochs=3, **options,
    )  # fmt: skip
    trainer = transformers.Trainer(Model(), arguments, collate, rows, callbacks=[EpochCallback(rows)])
    trainer.train(resume_from_checkpoint=resume)


def trained_by_two(folder, resume=None, **options):
    """The batches of texts of each of two processes."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    told = [folder / f"rank-{rank}-{resume is not None}" for rank in range(2)]
    # Its server imports once for all what takes seconds.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["accelerate", "datasets", "transformers.trainer", "augsvc.torch"])
    ranks = [
        context.Process(target=train_rank, args=(rank, port, folder / "out", told[rank], options, resume), daemon=True)
        for rank in range(2)
    ]
    for rank in ranks:
        rank.start()
    for rank in ranks:
        rank.join(120)
    assert [rank.exitcode for rank in ranks] == [0, 0]
    return [[json.loads(line) for line in path.read_text().splitlines()] for path in told]


def test_two_processes_read_the_same_epoch_and_no_row_twice(tmp_path):
    ranks = trained_by_two(tmp_path, save_steps=4)
    assert [len(batches) for batches in ranks] == [9, 9]
    for epoch, texts in enumerate(expected([0, 1, 2])):
        # All rows, each once and in this epoch's text: so the ranks agree on it, and share no row.
        read = [text for batches in ranks for batch in batches[3 * epoch : 3 * epoch + 3] for text in batch]
        assert sorted(read) == texts
    # From a checkpoint in the middle of epoch 1 both go on.
    rest = trained_by_two(tmp_path, resume=str(tmp_path / "out" / "checkpoint-4"), save_strategy="no")
    assert rest == [batches[4:] for batches in ranks]
