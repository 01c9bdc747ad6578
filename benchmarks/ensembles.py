"""An ensemble of five trained in one vectorised pass, beside its members trained one by one.

`python benchmarks/ensembles.py [--rounds 15] [--device cpu] [--threads N] [--compile] [--write]`: a minute, three with
`--compile`. Each step is forward, loss, backward and AdamW on real sentences of SST-2, over frozen word vectors (random
here: time does not depend on them). Both ways take turns, and the ratio is the median of those within a round, of time
by the clock. One pass saves calls, not arithmetic: the larger the tensors, the less there is to save on a CPU. It does
more work at once, so that several cores have more of it to share. `--compile` has rows more, of the ensemble and each
member compiled by `torch.compile`; on a CPU it asks for a C++ compiler. `--write` puts the ratios on the page of
regularizers.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

import torch
from rich.progress import track
from table import DOCS, print_table, put_table
from text import corpora
from torch import Tensor, nn

from augsvc.torch.regularizers import DeepEnsemble

MEMBERS, DIMENSIONS, PADDING, AIM = 5, 100, 0, 0.6
BATCH_SIZES = (8, 16, 32, 64)
Step = Callable[[], None]


class Averaging(nn.Module):
    """A deep averaging network: the mean of word vectors through two hidden layers."""

    def __init__(self, vectors: Tensor) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(vectors, padding_idx=PADDING)
        first, second = (nn.Sequential(nn.Linear(100, 100), nn.ReLU(), nn.Dropout(0.3)) for _ in range(2))
        self.layers = nn.Sequential(first, second, nn.Linear(100, 2))

    def forward(self, ids: Tensor) -> Tensor:
        """Return logits [rows, 2] of ids [rows, words]."""
        return self.layers(_mean(self.words(ids), ids))


class Attention(nn.Module):
    """A layer of a Transformer, of plain products of matrices: normalized first, four heads, without dropout."""

    def __init__(self, width: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.project, self.mix = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.forward_network = nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))

    def forward(self, hidden: Tensor, src_key_padding_mask: Tensor) -> Tensor:
        """Return states [rows, words, width]."""
        rows, words, width = hidden.shape
        split = self.project(self.norms[0](hidden)).view(rows, words, 3, self.heads, width // self.heads)
        queries, keys, values = split.permute(2, 0, 3, 1, 4).unbind(0)
        scores = (queries @ keys.mT / (width // self.heads) ** 0.5).masked_fill(
            src_key_padding_mask[:, None, None], -1e9
        )
        hidden = hidden + self.mix((scores.softmax(-1) @ values).transpose(1, 2).reshape(rows, words, width))
        return hidden + self.forward_network(self.norms[1](hidden))


class Transformer(nn.Module):
    """A small Transformer: one layer, 64 wide."""

    def __init__(self, vectors: Tensor) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(vectors, padding_idx=PADDING)
        self.narrow = nn.Linear(DIMENSIONS, 64)
        self.layer = self._layer()
        self.head = nn.Linear(64, 2)

    def forward(self, ids: Tensor) -> Tensor:
        """Return logits [rows, 2] of ids [rows, words]."""
        encoded = self.layer(self.narrow(self.words(ids)), src_key_padding_mask=ids == PADDING)
        return self.head(_mean(encoded, ids))

    def _layer(self) -> nn.Module:
        return Attention(64)


class TorchTransformer(Transformer):
    """The same of torch's own layer, with dropout: its attention does not go well with vmap on the CPU."""

    def _layer(self) -> nn.Module:
        return nn.TransformerEncoderLayer(64, 4, 128, 0.1, batch_first=True, norm_first=True)


MODELS: dict[str, type[nn.Module]] = {
    "deep averaging network": Averaging,
    "Transformer of plain matrix products": Transformer,
    "the same of `nn.TransformerEncoderLayer`": TorchTransformer,
}


class Case(NamedTuple):
    """What is trained in both ways."""

    compiled: bool
    model: str
    rows: int

    @property
    def name(self) -> str:
        """The model, and whether it is compiled."""
        return f"{self.model}{', compiled' * self.compiled}"


class Times(NamedTuple):
    """Milliseconds a step, medians, of members one by one and in one pass, and the median of the rounds' ratios."""

    one_by_one: float
    in_one_pass: float
    ratio: float


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="turns of each way (default: 15)")
    parser.add_argument("--device", default="cpu", help="where to train (default: cpu)")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="of PyTorch (default: its own)")
    parser.add_argument("--compile", action="store_true", help="measure both ways compiled, too")
    parser.add_argument("--write", action="store_true", help="write the ratios, with those compiled, into the docs")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    sentences, vocabulary = _sentences()
    vectors = torch.randn(vocabulary, DIMENSIONS, device=options.device)
    cases = [
        Case(*one) for one in product((False, True)[: 1 + (options.compile or options.write)], MODELS, BATCH_SIZES)
    ]
    found = {
        case: _times(case, vectors, _batch(sentences, case.rows, options.device), options.rounds)
        for case in track(cases, "training")
    }
    threads = f"{options.threads} thread{'s' * (options.threads > 1)}"
    print_table(
        f"A step of {MEMBERS} members on {options.device}, {threads}, PyTorch {torch.__version__}",
        ("", "rows a batch", "one by one, ms", "in one pass, ms", "ratio", "aim"),
        [(case.name, f"{case.rows}", *(f"{one:.2f}" for one in times), f"<= {AIM}") for case, times in found.items()],
    )
    if options.write:
        put_table(DOCS / "regularizers.md", "ensembles", ("rows a batch", *map(str, BATCH_SIZES)), _ratios(found))


def _ratios(found: Mapping[Case, Times]) -> Iterator[tuple[str, ...]]:
    """Yield each model's ratios by the size of a batch."""
    for name in dict.fromkeys(case.name for case in found):
        yield name, *(f"{times.ratio:.2f}" for case, times in found.items() if case.name == name)


def _sentences() -> tuple[list[list[int]], int]:
    """The ids of words of SST-2's sentences, and how many there are."""
    lines = (corpora() / "textcls" / "train" / "sst2" / "train.txt").read_text("utf-8").splitlines()
    ids: dict[str, int] = {}
    texts = [[ids.setdefault(word, len(ids) + 1) for word in line.split("\t")[1].split()] for line in lines]
    return texts, len(ids) + 1


def _batch(sentences: list[list[int]], size: int, device: str) -> tuple[Tensor, Tensor]:
    rows = sentences[:size]
    longest = max(map(len, rows))
    ids = torch.tensor([row + [PADDING] * (longest - len(row)) for row in rows], device=device)
    return ids, torch.arange(size, device=device) % 2


def _mean(vectors: Tensor, ids: Tensor) -> Tensor:
    mask = (ids != PADDING).unsqueeze(-1)
    return (vectors * mask).sum(1) / mask.sum(1)


def _times(case: Case, vectors: Tensor, batch: tuple[Tensor, Tensor], rounds: int) -> Times:
    ensemble = DeepEnsemble.create(lambda: MODELS[case.model](vectors), MEMBERS)
    members = [ensemble.member(index) for index in range(MEMBERS)]
    if case.compiled:
        torch.compiler.reset()
        for module in (ensemble, *members):
            module.compile(fullgraph=True)
    alone, together = _one_by_one(members, batch), _in_one_pass(ensemble, batch)
    for step in (alone, together):
        step()
    pairs = [(_seconds(alone, vectors.is_cuda), _seconds(together, vectors.is_cuda)) for _ in range(rounds)]
    slow, fast = (statistics.median(times) * 1e3 for times in zip(*pairs, strict=True))
    return Times(slow, fast, statistics.median(one / other for other, one in pairs))


def _one_by_one(members: list[nn.Module], batch: tuple[Tensor, Tensor]) -> Step:
    ids, labels = batch
    trained = [(model, _optimizer(model)) for model in members]

    def step() -> None:
        for model, optimizer in trained:
            nn.functional.cross_entropy(model(ids), labels).backward()
            optimizer.step()
            optimizer.zero_grad()

    return step


def _in_one_pass(ensemble: DeepEnsemble, batch: tuple[Tensor, Tensor]) -> Step:
    ids, labels = batch
    optimizer = _optimizer(ensemble)

    def step() -> None:
        ensemble.loss(nn.functional.cross_entropy, ensemble(ids), labels).backward()
        optimizer.step()
        optimizer.zero_grad()

    return step


def _optimizer(model: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.AdamW([parameter for parameter in model.parameters() if parameter.requires_grad])


def _seconds(step: Step, cuda: bool, steps: int = 5) -> float:
    if cuda:
        torch.cuda.synchronize()
    started = time.perf_counter()
    for _ in range(steps):
        step()
    if cuda:
        torch.cuda.synchronize()
    return (time.perf_counter() - started) / steps


if __name__ == "__main__":
    main()
