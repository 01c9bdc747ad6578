"""TRL's `SFTTrainer` over a data set that is augmented as it is read: other text in every epoch.

A tiny language model of random weights over letters; nothing is downloaded. Run it with
`python examples/fine_tuning.py`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
import transformers
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from trl import SFTConfig, SFTTrainer

from augsvc.torch import EpochCallback, augmented

MESSAGES = Path(__file__).parent / "data" / "messages.jsonl"
LETTERS = {token: index for index, token in enumerate(["<end>", *map(chr, range(32, 127))])}
ROWS, EPOCHS, LONGEST = 48, 2, 256


class Collator:
    """Tokens and labels of a batch, -100 where there is padding; `texts` collects what it was given."""

    def __init__(self, tokenizer: transformers.PreTrainedTokenizerFast) -> None:
        self.tokenizer = tokenizer
        self.texts: list[str] = []

    def __call__(self, rows: Sequence[Mapping[str, str]]) -> dict[str, torch.Tensor]:
        """The batch of some rows."""
        texts = [row["text"] for row in rows]
        self.texts += texts
        tokens = self.tokenizer(texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        labels = tokens["input_ids"].masked_fill(tokens["attention_mask"] == 0, -100)
        return {**tokens, "labels": labels}


def main() -> None:
    """Train two epochs, and fail unless the second has other texts."""
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    lines = MESSAGES.read_text(encoding="utf-8").splitlines()[:ROWS]
    messages = Dataset.from_list([{"text": json.loads(line)["text"]} for line in lines])
    rows, collator = augmented(messages, seed=1), Collator(tokenizer())
    with tempfile.TemporaryDirectory() as folder:
        arguments = SFTConfig(
            folder,
            num_train_epochs=EPOCHS,
            dataset_kwargs={"skip_prepare_dataset": True},  # else it tokenizes once, for all epochs
            remove_unused_columns=False,  # the collator needs the text
            save_strategy="no",
            report_to=[],
            use_cpu=True,
            bf16=False,
            disable_tqdm=True,
        )
        trainer = SFTTrainer(
            model(),
            arguments,
            collator,
            messages,
            processing_class=collator.tokenizer,
            callbacks=[EpochCallback(rows)],
        )
        # It takes nothing but a Dataset when it is made, and reads whatever stands here when it trains.
        trainer.train_dataset = rows
        trainer.remove_callback(transformers.PrinterCallback)
        trainer.train()
    first, second = (sorted(collator.texts[at : at + ROWS]) for at in (0, ROWS))
    fresh = len(set(second) - set(first))
    print(f"{ROWS} texts an epoch, {fresh} of the second unlike any of the first")
    if not fresh:
        raise SystemExit("the text was the same in both epochs")


def tokenizer() -> transformers.PreTrainedTokenizerFast:
    """A token for each letter."""
    letters = Tokenizer(models.WordLevel(LETTERS, unk_token="<end>"))
    letters.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    return transformers.PreTrainedTokenizerFast(tokenizer_object=letters, eos_token="<end>", pad_token="<end>")


def model() -> transformers.PreTrainedModel:
    """One layer of random weights."""
    config = transformers.GPT2Config(
        vocab_size=len(LETTERS), n_positions=LONGEST, n_embd=8, n_layer=1, n_head=1, bos_token_id=0, eos_token_id=0
    )
    return transformers.GPT2LMHeadModel(config)


if __name__ == "__main__":
    main()
