"""An ensemble of five trained in one vectorised pass, beside its members trained one by one.

`python benchmarks/ensembles.py [--rounds 15] [--device cpu] [--threads N] [--compile]`: a minute, three with
`--compile`. Each step is forward, loss, backward and AdamW on real sentences of SST-2, over frozen word vectors (random
here: time does not depend on them). Both ways take turns, and the ratio is the median of those within a round, of time
by the clock. One pass saves calls, not arithmetic: the larger the tensors, the less there is to save on a CPU. It does
more work at once, so that several cores have more of it to share. `--compile` compiles the ensemble and each member by
`torch.compile`; on a CPU it asks for a C++ compiler.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from rich.progress import track
from table import print_table
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


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="turns of each way (default: 15)")
    parser.add_argument("--device", default="cpu", help="where to train (default: cpu)")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="of PyTorch (default: its own)")
    parser.add_argument("--compile", action="store_true", help="compile both ways")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    sentences, vocabulary = _sentences()
    vectors = torch.randn(vocabulary, DIMENSIONS, device=options.device)
    cases = [(make, size) for make in (Averaging, Transformer, TorchTransformer) for size in BATCH_SIZES]
    rows = [
        _row(make, vectors, _batch(sentences, size, options.device), options.rounds, options.compile)
        for make, size in track(cases, "training")
    ]
    headings = ("", "rows a batch", "words a row", "one by one, ms", "in one pass, ms", "ratio", "aim")
    threads = f"{options.threads} thread{'s' * (options.threads > 1)}"
    where = f"{options.device}, {threads}, PyTorch {torch.__version__}{', compiled' * options.compile}"
    print_table(f"A step of {MEMBERS} members on {where}", headings, rows)


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


def _row(
    make: type[nn.Module], vectors: Tensor, batch: tuple[Tensor, Tensor], rounds: int, compiled: bool
) -> tuple[str, ...]:
    ensemble = DeepEnsemble.create(lambda: make(vectors), MEMBERS)
    members = [ensemble.member(index) for index in range(MEMBERS)]
    if compiled:
        torch.compiler.reset()
        for module in (ensemble, *members):
            module.compile(fullgraph=True)
    alone, together = _one_by_one(members, batch), _in_one_pass(ensemble, batch)
    for step in (alone, together):
        step()
    pairs = [(_seconds(alone, vectors.is_cuda), _seconds(together, vectors.is_cuda)) for _ in range(rounds)]
    slow, fast = (statistics.median(times) * 1e3 for times in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for other, one in pairs)
    words = f"{(batch[0] != PADDING).sum(1).double().mean():.0f}"
    return make.__name__, f"{len(batch[0])}", words, f"{slow:.2f}", f"{fast:.2f}", f"{ratio:.2f}", f"<= {AIM}"


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
