"""Trainers of the Hugging Face libraries over wrapped data sets."""

from __future__ import annotations

import pytest
import torch
import transformers
import trl
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers

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


def test_a_supervised_fine_tuning_takes_the_wrapped_rows_after_its_construction(tmp_path):
    vocabulary = {token: index for index, token in enumerate(["<end>", *map(chr, range(32, 127))])}
    parts = Tokenizer(models.WordLevel(vocabulary, unk_token="<end>"))
    parts.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=parts, eos_token="<end>", pad_token="<end>")
    config = transformers.GPT2Config(vocab_size=len(vocabulary), n_positions=128, n_embd=8, n_layer=1, n_head=1)
    rows, seen = augmented(NOTES, seed=1), []

    def collate(batch):
        seen.extend(row["text"] for row in batch)
        tokens = tokenizer([row["text"] for row in batch], padding=True, return_tensors="pt")
        return {**tokens, "labels": tokens["input_ids"].masked_fill(tokens["attention_mask"] == 0, -100)}

    arguments = trl.SFTConfig(
        tmp_path, num_train_epochs=2, dataset_kwargs={"skip_prepare_dataset": True}, remove_unused_columns=False,
        report_to=[], use_cpu=True, bf16=False, save_strategy="no", disable_tqdm=True,
    )  # fmt: skip
    trainer = trl.SFTTrainer(
        transformers.GPT2LMHeadModel(config), arguments, collate, NOTES,
        processing_class=tokenizer, callbacks=[EpochCallback(rows)],
    )  # fmt: skip
    trainer.train_dataset = rows
    trainer.train()
    assert [sorted(seen[:24]), sorted(seen[24:])] == expected([0, 1])
