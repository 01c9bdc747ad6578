"""What regularizers add to a training step of a small Transformer: at most 5 % all together.

`python benchmarks/overhead.py [--rounds 20] [--only "all together" ...]`: three minutes where nothing else runs,
elsewhere to be begun with `chrt -r 50`, so that it is not interrupted. An encoder of 4 layers, 128 wide, classifies 32
texts of 32 tokens, 16 to 32 of them words, with AdamW, on one thread of the CPU. Trainings with each part, with all and
with none take turns of five steps in random order; a figure is the ratio of the medians of their times. Not here is
what is another pass by its nature: R-Drop's second one, a pass for the originals of consistency training, the samples
of Monte-Carlo dropout.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from rich.progress import track
from table import print_table
from torch import Tensor, nn

from augsvc.torch.regularizers import (
    DropoutSchedule,
    EarlyStopping,
    EmbeddingDropout,
    LayerDrop,
    LockedDropout,
    MaskedBatchNorm1d,
    ProximalL1,
    WeightAverage,
    WordDropout,
    weight_decay_groups,
    weights,
)

WORDS, WIDTH, LAYERS, HEADS, CLASSES = 8000, 128, 4, 4, 2
ROWS, TOKENS = 32, 32
PADDING, UNKNOWN = 0, 1
LEARNING_RATE, DROPOUT = 1e-3, 0.1
TURN, WARM_UP = 5, 1
LIMIT = 1.05

Batch = tuple[Tensor, Tensor]


class Encoder(nn.Module):
    """A Transformer encoder that normalizes its embeddings, as BERT does, and classifies by the mean of its tokens."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embedding = nn.Embedding(WORDS, WIDTH, padding_idx=PADDING)
        self.place = nn.Parameter(torch.zeros(TOKENS, WIDTH))
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(WIDTH, HEADS, 4 * WIDTH, DROPOUT, batch_first=True) for _ in range(LAYERS)
        )
        self.head = nn.Linear(WIDTH, CLASSES)
        self.norm: nn.Module = nn.LayerNorm(WIDTH)
        self.drop: nn.Module = nn.Dropout(DROPOUT)
        self.words: nn.Module | None = None
        self.vectors: nn.Module | None = None

    def forward(self, ids: Tensor) -> Tensor:
        """Scores float32[rows, CLASSES] of int64[rows, TOKENS]."""
        mask = ids != PADDING
        ids = self.words(ids) if self.words else ids
        x = (self.vectors(self.embedding, ids) if self.vectors else self.embedding(ids)) + self.place
        x = self.drop(self.norm(x, mask) if isinstance(self.norm, MaskedBatchNorm1d) else self.norm(x))
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=~mask)
        scores: Tensor = self.head((x * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True))
        return scores


@dataclass
class Training:
    """A model in training, and what is called before, within and after a step."""

    model: Encoder = field(default_factory=Encoder)
    optimizer: torch.optim.Optimizer | None = None
    smoothing: float = 0.0
    before: list[Callable[[], Any]] = field(default_factory=list)
    after: list[Callable[[float], Any]] = field(default_factory=list)

    def step(self, batch: Batch) -> float:
        """Take one step and return its seconds."""
        assert self.optimizer is not None  # noqa: S101
        ids, targets = batch
        began = time.perf_counter()
        loss = nn.functional.cross_entropy(self.model(ids), targets, label_smoothing=self.smoothing)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for call in self.before:
            call()
        self.optimizer.step()
        for call in self.after:
            call(loss.item())
        return time.perf_counter() - began


def schedule(training: Training) -> None:
    """Dropout by a schedule."""
    dropout = DropoutSchedule(training.model, DROPOUT, kind="curriculum", steps=1000, start=DROPOUT)
    training.after.append(lambda _: dropout.step())


def words(training: Training) -> None:
    """Word dropout."""
    training.model.words = WordDropout(DROPOUT, UNKNOWN, keep=[PADDING])


def embedding(training: Training) -> None:
    """Embedding dropout."""
    training.model.vectors = EmbeddingDropout(DROPOUT)


def locked(training: Training) -> None:
    """Locked dropout in the place of dropout."""
    training.model.drop = LockedDropout(DROPOUT)


def layers(training: Training) -> None:
    """LayerDrop at rate 0, that is what it costs beside the layers that it saves."""
    training.model.layers = LayerDrop(training.model.layers, 0.0)


def groups(training: Training) -> None:
    """Weight decay of weights alone."""
    training.optimizer = torch.optim.AdamW(weight_decay_groups(training.model, 0.1), lr=LEARNING_RATE)


def lasso(training: Training) -> None:
    """L1; L2 is AdamW's."""
    penalty = ProximalL1(weights(training.model), 0.01)
    training.after.append(lambda _: penalty.step(LEARNING_RATE))


def batch_norm(training: Training) -> None:
    """Masked batch normalization in the place of layer normalization, of the embeddings."""
    training.model.norm = MaskedBatchNorm1d(WIDTH)


def smoothing(training: Training) -> None:
    """Label smoothing, torch's own."""
    training.smoothing = 0.1


def clipping(training: Training) -> None:
    """Clipping, torch's own."""
    training.before.append(lambda: nn.utils.clip_grad_norm_(training.model.parameters(), 1.0))


def average(training: Training, every: int = 1) -> None:
    """EMA of the weights at every step."""
    averaged, steps = WeightAverage(training.model, "ema", every=every), iter(range(10**9))
    training.after.append(lambda _: averaged.update(training.model, next(steps)))


def sometimes(training: Training) -> None:
    """EMA of the weights once a turn."""
    average(training, TURN)


def stopping(training: Training) -> None:
    """Early stopping, told each step's loss, which is oftener than anyone would."""
    stop = EarlyStopping("loss", "min", patience=10**9, restore_best=False)
    steps = iter(range(10**9))
    training.after.append(lambda loss: stop.update(loss, next(steps), training.model))


PARTS: dict[str, tuple[Callable[[Training], None], ...]] = {
    "none, again": (),
    "dropout schedule": (schedule,),
    "word dropout": (words,),
    "embedding dropout": (embedding,),
    "locked dropout": (locked,),
    "LayerDrop": (layers,),
    "weight decay groups": (groups,),
    "proximal L1": (lasso,),
    "masked batch norm": (batch_norm,),
    "label smoothing": (smoothing,),
    "gradient clipping": (clipping,),
    "EMA, each step": (average,),
    "EMA, each 5th step": (sometimes,),
    "early stopping": (stopping,),
}
EVERY = tuple(part for parts in PARTS.values() for part in parts)
PARTS["all together"] = tuple(part for part in EVERY if part is not average)
PARTS["all, EMA each step"] = tuple(part for part in EVERY if part is not sometimes)


def prepared(parts: Sequence[Callable[[Training], None]]) -> Training:
    """A training with parts, its parameters in an optimizer after all of them are in the model."""
    training = Training()
    for part in sorted(parts, key=lambda part: part in (groups, lasso, clipping, average, sometimes)):
        part(training)
    training.optimizer = training.optimizer or torch.optim.AdamW(training.model.parameters(), lr=LEARNING_RATE)
    return training


def texts(generator: torch.Generator) -> Batch:
    """Random words, by Zipf's law as those of texts are, with padding at the end; and random classes."""
    ids = torch.exp(torch.rand(ROWS, TOKENS, generator=generator) * torch.tensor(WORDS - 2.0).log()).long() + 1
    lengths = torch.randint(TOKENS // 2, TOKENS + 1, (ROWS, 1), generator=generator)
    classes = torch.randint(CLASSES, (ROWS,), generator=generator)
    return ids.masked_fill(torch.arange(TOKENS) >= lengths, PADDING), classes


def measure(rounds: int, parts: Sequence[str]) -> dict[str, list[float]]:
    """Seconds of a step in each turn of each training, which come in an order of chance."""
    generator = torch.Generator().manual_seed(0)
    trainings = {"none": prepared(()), **{name: prepared(PARTS[name]) for name in parts}}
    seconds: dict[str, list[float]] = {name: [] for name in trainings}
    names = list(trainings)
    for _ in track(range(WARM_UP + rounds), "rounds", transient=True):
        batches = [texts(generator) for _ in range(TURN)]
        for place in torch.randperm(len(names), generator=generator).tolist():
            seconds[names[place]].append(sum(map(trainings[names[place]].step, batches)) / TURN)
    return {name: times[WARM_UP:] for name, times in seconds.items()}


def main() -> None:
    """Print the table, or the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20, help="turns of each training")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help="some parts alone"
    )
    parser.add_argument("--json", action="store_true", help="print medians in milliseconds and ratios as JSON")
    options = parser.parse_args()
    torch.set_num_threads(1)
    medians = {name: 1000 * statistics.median(times) for name, times in measure(options.rounds, options.only).items()}
    ratios = {name: median / medians["none"] for name, median in medians.items()}
    if options.json:
        print(json.dumps({name: {"ms": medians[name], "ratio": ratios[name]} for name in medians}))
        return
    rows = [(name, f"{medians[name]:.2f}", f"{ratios[name] - 1:+.1%}") for name in medians]
    note = f"Aim: all together at most {LIMIT - 1:+.0%}; `none, again` shows the noise."
    print_table("A training step of a small Transformer", ("with", "ms", "more than without"), rows, [note])


if __name__ == "__main__":
    main()
