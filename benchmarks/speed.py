"""Speed of the synonym operation beside a sub-word tokenizer and `wc -w`: MB per CPU-second on one core, in one run.

`python benchmarks/speed.py [--megabytes 50] [--rounds 3]`; the contenders take turns, so that noise falls on all alike.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable

import pyarrow as pa
from rich.console import Console
from rich.table import Table
from text import documents
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

import augsvc

VOCABULARY = 30_000


def own_cpu(work: Callable[[], object]) -> float:
    """Return the CPU-seconds of this process that `work` takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def child_cpu(command: list[str]) -> float:
    """Return the CPU-seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={"LC_ALL": "C", "PATH": os.environ["PATH"]})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def wordpiece(texts: list[str]) -> Tokenizer:
    """Train Hugging Face's WordPiece on the text itself, as BERT's: lower-cased, 30,000 pieces."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=["[UNK]"], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["RAYON_NUM_THREADS"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    texts = documents(options.megabytes)
    size = sum(len(text.encode()) for text in texts) / 1e6
    array = pa.array(texts)
    tokenizer = wordpiece(texts[: len(texts) // 4])
    augsvc.augment_arrow(array[:10], seed=0)
    # the tokenizer is so much slower that a sample of its text is enough
    sample = texts[:: max(1, len(texts) // 20_000)]
    sample_size = sum(len(text.encode()) for text in sample) / 1e6
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write("\n".join(texts))
        file.flush()
        runs: dict[str, Callable[[], float]] = {
            "augsvc synonym 10 %": lambda: size / own_cpu(lambda: augsvc.augment_arrow(array, seed=0)),
            "WordPiece encode_batch": lambda: sample_size / own_cpu(lambda: tokenizer.encode_batch(sample)),
            "wc -w (C locale)": lambda: size / child_cpu(["wc", "-w", file.name]),
        }
        rounds = [{name: run() for name, run in runs.items()} for _ in range(options.rounds)]
        speeds = {name: [found[name] for found in rounds] for name in runs}
    report(size, speeds)


def report(size: float, speeds: dict[str, list[float]]) -> None:
    """Print the speeds, and each as a share of ours."""
    medians = {name: statistics.median(found) for name, found in speeds.items()}
    ours = next(iter(medians.values()))
    table = Table(title=f"{size:.0f} MB of running English, MB per CPU-second")
    for heading in ("", "median", "rounds", "augsvc is"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, median in medians.items():
        rounds = " ".join(f"{speed:.1f}" for speed in speeds[name])
        table.add_row(name, f"{median:.1f}", rounds, f"{ours / median:.2f} x")
    Console().print(table)


if __name__ == "__main__":
    main()
