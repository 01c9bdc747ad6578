"""How long a small model's training loop waits for data: rows from a real server, no worker process.

`python benchmarks/loop.py [--rounds 3]`: two minutes. The model is the examples' classifier on one thread; every epoch
is augmented by a server process beside it. The share that the loop waited is `stream.stall_share`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch
from rich.progress import track
from serving import serving
from table import print_table
from torch.utils.data import DataLoader

from augsvc import Client
from augsvc.torch import AugmentedStream

EXAMPLES = Path(__file__).parents[1] / "examples"
sys.path.insert(0, str(EXAMPLES))

from classifier import Classifier, training_step  # noqa: E402  an example, found by the line above

ROWS, BATCH_SIZES = 200_000, (32, 128, 512)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="epochs for each batch size (default: 3)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    lines = (EXAMPLES / "data" / "messages.jsonl").read_bytes().splitlines(keepends=True)
    corpus = b"".join(lines * (ROWS // len(lines)))
    with tempfile.TemporaryDirectory(prefix="augsvc-loop-") as folder, serving(Path(folder)) as url:
        with Client(url) as client:
            client.put_corpus("messages", corpus, media_type="application/x-ndjson")
        rows = [_line(url, size, options.rounds) for size in track(BATCH_SIZES, "training")]
    print_table("A training loop without workers", ("rows a batch", "rows/s", "waited", "aim"), rows)


def _line(url: str, batch_size: int, rounds: int) -> tuple[str, str, str, str]:
    stream = AugmentedStream(url, "messages", seed=1, batch_size=batch_size)
    model = Classifier(seed=0)
    shares, speeds = [], []
    for _ in range(rounds):
        started = time.perf_counter()
        for batch in DataLoader(stream, batch_size=None):
            training_step(model, batch)
        speeds.append(stream.rows / (time.perf_counter() - started))
        shares.append(stream.stall_share or 0.0)
    return f"{batch_size}", f"{statistics.median(speeds):,.0f}", f"{statistics.median(shares):.2%}", "< 2 %"


if __name__ == "__main__":
    main()
