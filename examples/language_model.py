"""A small GPT trained for many epochs on packed sequences of augmented text, stopped where validation loss turns.

    python examples/language_model.py
    python examples/language_model.py --text speeches.txt --epochs 200 --checkpoint speeches.pt

The model and its tokens are made here; nothing is downloaded. With a checkpoint it goes on where it was stopped, in the
middle of an epoch too, with the very sequences and weights that it would have had.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import curves
import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from torch.nn import functional

from augsvc.torch import Batch, PackedStream
from augsvc.torch.regularizers import RegularizationPlan, load_plan
from augsvc.views import Workspace

MESSAGES = Path(__file__).parent / "data" / "messages.jsonl"
LENGTH, SEQUENCES, VOCABULARY, END = 64, 8, 600, 0
PLAN = {
    "dropout": {"rate": 0.1},
    "penalty": {"l2": 0.1},
    # gently at first, while no text has been seen often
    "augmentation": {"pipeline": {"ops": [{"type": "synonym", "rate": {"by_epoch": [0.05, 0.1, 0.15]}}]}, "seed": 1},
    "early_stopping": {"metric": "validation loss", "patience": 5},
    "clip_norm": 1.0,
}


class Run:
    """A training, and all that it is resumed from."""

    def __init__(self, plan: RegularizationPlan, data: str, tokens: Tokenizer, learning_rate: float) -> None:
        options: dict[str, Any] = {"batch_size": 64, "rank": 0, "world_size": 1, "local": True}
        self.packed = packed(plan.stream(data, "training", **options), tokens)
        as_it_is = RegularizationPlan().stream(data, "validation", shuffle="none", **options)
        self.validation = packed(as_it_is, tokens)
        self.training = plan.apply(gpt(tokens.get_vocab_size()), lr=learning_rate)
        self.losses: list[float] = []
        self.curve: list[curves.Row] = []

    def step(self, batch: Batch) -> bool:
        """Train on a batch, and evaluate after the epoch's last; return whether to stop."""
        self.training.model.train()
        logits = self.training.model(input_ids=batch["input_ids"]).logits
        loss = self.training.loss(logits[:, :-1], batch["labels"][:, 1:])
        loss.backward()  # type: ignore[no-untyped-call]
        self.training.step()
        self.losses.append(loss.item())
        return batch.state["epoch"] > len(self.curve) and self.evaluate()

    def evaluate(self) -> bool:
        """Measure, tell and judge an epoch; return whether to stop."""
        loss = self.validation_loss()
        self.curve.append({"training loss": sum(self.losses) / len(self.losses), "validation loss": loss})
        curves.tell(len(self.curve) - 1, self.curve[-1])
        self.losses = []
        return self.training.epoch_end(loss)

    @torch.no_grad()
    def validation_loss(self) -> float:
        """The mean loss over the tokens of texts that are not trained on, as they are."""
        model = self.training.evaluated.eval()
        total, count = 0.0, 0
        self.validation.set_epoch(0)
        for batch in self.validation:
            logits, labels = model(input_ids=batch["input_ids"]).logits[:, :-1], batch["labels"][:, 1:]
            total += functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="sum").item()
            count += int((labels >= 0).sum())
        return total / count

    def state_dict(self) -> dict[str, Any]:
        """All of it: weights, optimizer, random numbers, what early stopping has seen, and the next token."""
        state = {"training": self.training.state_dict(), "packed": self.packed.state_dict()}
        return {**state, "losses": self.losses, "curve": self.curve}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from there."""
        self.training.load_state_dict(state["training"])
        self.packed.load_state_dict(state["packed"])
        self.losses, self.curve = state["losses"], state["curve"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and say where the loss turned."""
    options = parsed(arguments)
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    texts = read(options.text)
    with tempfile.TemporaryDirectory() as data:
        # every fifth text only validates
        upload(data, "training", [text for number, text in enumerate(texts) if number % 5])
        upload(data, "validation", texts[::5])
        tokens = tokenizer([text for number, text in enumerate(texts) if number % 5])
        run = Run(load_plan(options.plan or PLAN), data, tokens, options.learning_rate)
        if options.checkpoint and options.checkpoint.exists():
            run.load_state_dict(torch.load(options.checkpoint))
            print(f"goes on from {json.dumps(run.packed.state_dict())}")
        if train(run, options):
            conclude(run, options.plot)


def train(run: Run, options: argparse.Namespace) -> bool:
    """Train until the loss has turned or to the last epoch; return False where it is left off before that."""
    while len(run.curve) < options.epochs:
        for batch in run.packed:
            stop = run.step(batch)
            if options.checkpoint and (stop or run.training.steps % options.save_every == 0):
                save(options.checkpoint, run.state_dict())
            if stop or run.training.steps == options.steps:
                return stop
    return True


def conclude(run: Run, path: Path) -> None:
    """Put the best weights back, tell which these are, and plot the curve."""
    stopping, last = run.training.stopping, len(run.curve) - 1
    best = last if stopping is None or stopping.best_step is None else stopping.best_step
    if stopping and stopping.reason == "patience":
        (fell, low), (falls, high) = (run.curve[epoch].values() for epoch in (best, last))
        print(
            f"validation loss turned after epoch {best}, from {low:.3f} to {high:.3f}, while training loss went on "
            f"from {fell:.3f} to {falls:.3f}"
        )
    else:
        print(f"validation loss has not turned in {len(run.curve)} epochs")
    run.training.finish()
    print(f"kept are the weights of epoch {best}: validation loss {run.validation_loss():.3f}")
    curves.plot(run.curve, best, path)


def packed(stream: Any, tokens: Tokenizer) -> PackedStream:
    """A stream's texts in sequences of LENGTH tokens."""

    def tokenize(texts: list[str]) -> list[list[int]]:
        return [found.ids for found in tokens.encode_batch(texts)]

    return PackedStream(stream, tokenize, length=LENGTH, end=END, batch_size=SEQUENCES)


def tokenizer(texts: Sequence[str]) -> Tokenizer:
    """Byte pairs, learned from the texts; END is put after each text."""
    tokens = Tokenizer(models.BPE())
    tokens.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    letters = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=["<end>"], initial_alphabet=letters, show_progress=False
    )
    tokens.train_from_iterator(texts, trainer)
    return tokens


def gpt(vocabulary: int) -> transformers.PreTrainedModel:
    """Two layers of random weights; the plan sets their dropout."""
    config = transformers.GPT2Config(
        vocab_size=vocabulary, n_positions=LENGTH, n_embd=64, n_layer=2, n_head=4, bos_token_id=END, eos_token_id=END
    )
    return transformers.GPT2LMHeadModel(config)


def read(path: Path | None) -> list[str]:
    """The texts of a file, one a line, or the example messages."""
    if path is None:
        return [json.loads(line)["text"] for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def upload(data: str, name: str, texts: Sequence[str]) -> None:
    """Make a corpus of texts; on a server `augsvc corpora put` does."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    Workspace(data).corpora.put(name, io.BytesIO(lines.encode()), "application/x-ndjson")


def save(path: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint whole or not at all."""
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--text", type=Path, help="texts, one a line; by default the example messages")
    parser.add_argument("--plan", type=Path, help="a RegularizationPlan in JSON or YAML; by default PLAN, above")
    parser.add_argument("--epochs", type=int, default=100, help="at most so many")
    parser.add_argument("--steps", type=int, help="leave off after so many steps, as a job whose time is up")
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=0, help="of the first weights and of dropout")
    parser.add_argument("--checkpoint", type=Path, help="where to save, and to go on from if it is there")
    parser.add_argument("--save-every", type=int, default=10, help="steps from a checkpoint to the next")
    parser.add_argument("--plot", type=Path, default=Path("language_model.svg"), help="the learning curve")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
