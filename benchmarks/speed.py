"""Speed of augmentation beside tokenizers, `wc -w` and nlpaug: MB per CPU-second on one core, in one run.

`python benchmarks/speed.py [--megabytes 50] [--rounds 5]`: two minutes. The contenders take turns, so that
noise falls on all alike: trust the ratios, medians over the rounds. In its turn each runs twice, and the second run
counts: the first finds the caches full of what the others left. A second table has the time of single texts.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from peers import Augmenter, ensure_peers
from rich.console import Console
from rich.progress import Progress
from subwords import tiktoken_encoding, wordpiece
from table import print_table
from text import documents

import augsvc

ONE = {"ops": [{"type": "synonym", "rate": 0.1}]}
FOUR = {
    "ops": [
        {"type": "synonym", "rate": 0.1},
        {"type": "random_deletion", "rate": 0.05},
        {"type": "synonym", "rate": 0.05, "senses": 3},
        {"type": "random_deletion", "rate": 0.02, "max_edits": 1},
    ]
}
GRAMMAR = {
    "ops": [
        {"type": kind, "rate": 0.02}
        for kind in ("determiner", "subject_verb_agreement", "preposition", "verb_form", "noun_number")
    ]
}
COPIES = 4
TOKENIZER_TEXTS = 20_000
NLPAUG_TEXTS = 500
OWN = "augsvc synonym"


class Contender(NamedTuple):
    """Something timed: `run` works once and returns the MB of text that count and the CPU-seconds they took.

    `aim` is how many times as fast as this the synonym operation aims to be.
    """

    name: str
    aim: str
    run: Callable[[], tuple[float, float]]


def main() -> None:
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=50, help="of running English (default: 50)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender runs (default: 5)")
    options = parser.parse_args()
    # read by the tokenizers' thread pools when they start
    os.environ |= {"RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    texts = documents(options.megabytes)
    size = megabytes(texts)
    with ExitStack() as stack, Progress(console=Console(stderr=True)) as progress:
        preparing = progress.add_task("training two tokenizers", total=1)
        contenders = [*_own(texts, size), *_tokenizers(texts), *_others(texts, size, stack)]
        progress.advance(preparing)
        speeds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
        for _ in progress.track(range(options.rounds), description="rounds"):
            for contender in contenders:
                contender.run()
                counted, seconds = contender.run()
                speeds[contender.name].append(counted / seconds)
    print_table(
        f"{size:.0f} MB of running English, MB per CPU-second on one core",
        ("", "median", "rounds", "augsvc synonym is", "aim"),
        [_row(contender, speeds) for contender in contenders],
        [
            "Four operations: synonym, random deletion, and both again with other settings. Copies count output.",
            "Five on grammar: errors of five kinds at a rate of .02 each, together as many edits as synonyms at most.",
        ],
    )
    print_table("Single texts, in process", ("", "median", "aim"), list(_latencies(texts)))


def megabytes(texts: Sequence[str]) -> float:
    """Return the size of texts as UTF-8, in MB of 10**6 bytes."""
    return sum(len(text.encode()) for text in texts) / 1e6


def own_cpu(work: Callable[[], object]) -> float:
    """Return the CPU-seconds of this process that `work` takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def child_cpu(command: Sequence[str]) -> float:
    """Return the CPU-seconds of a command in the C locale."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={"LC_ALL": "C", "PATH": os.environ["PATH"]})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _own(texts: Sequence[str], size: float) -> Iterator[Contender]:
    array = pa.array(texts)
    few = array[: len(array) // COPIES]
    augsvc.augment_arrow(array[:10], FOUR, seed=0)  # compiles or loads the kernels

    def augmented(pipeline: dict[str, Any]) -> tuple[float, float]:
        return size, own_cpu(lambda: augsvc.augment_arrow(array, pipeline, seed=0))

    yield Contender(OWN, "", lambda: augmented(ONE))
    yield Contender("augsvc, four operations", "<= 2 x", lambda: augmented(FOUR))
    yield Contender("augsvc, five on grammar", "<= 2 x", lambda: augmented(GRAMMAR))
    yield Contender(f"augsvc synonym, {COPIES} copies", "", lambda: _copies(few))


def _tokenizers(texts: Sequence[str]) -> Iterator[Contender]:
    # they are so much slower that a sample of their text is enough
    sample = texts[:: max(1, len(texts) // TOKENIZER_TEXTS)]
    size = megabytes(sample)
    training = texts[: len(texts) // 4]
    pieces, encoding = wordpiece(training), tiktoken_encoding(training)

    def encoded() -> float:
        return own_cpu(lambda: list(map(encoding.encode_ordinary, sample)))

    yield Contender(
        "WordPiece encode_batch (30k)", ">= 15 x", lambda: (size, own_cpu(lambda: pieces.encode_batch(sample)))
    )
    yield Contender("tiktoken (16k)", ">= 4 x", lambda: (size, encoded()))


def _others(texts: Sequence[str], size: float, stack: ExitStack) -> Iterator[Contender]:
    file = Path(stack.enter_context(tempfile.TemporaryDirectory()), "text.txt")
    file.write_text("\n".join(texts), "utf-8")
    # in another locale wc decodes UTF-8, and is many times slower
    yield Contender("wc -w (C locale)", ">= .35 x", lambda: (size, child_cpu(["wc", "-w", str(file)])))
    if ensure_peers():
        nlpaug = stack.enter_context(Augmenter("nlpaug"))
        sample = texts[:: max(1, len(texts) // NLPAUG_TEXTS)]
        yield Contender("nlpaug SynonymAug", ">= 300 x", lambda: (megabytes(sample), nlpaug.ask(sample, [])["cpu_s"]))


def _copies(array: pa.Array[Any]) -> tuple[float, float]:
    started = time.process_time()
    output = augsvc.augment_arrow(array, ONE, seed=0, copies=COPIES)
    seconds = time.process_time() - started
    return pc.sum(pc.binary_length(output)).as_py() / 1e6, seconds


def _row(contender: Contender, speeds: dict[str, list[float]]) -> tuple[str, ...]:
    found = speeds[contender.name]
    ratio = statistics.median(ours / other for ours, other in zip(speeds[OWN], found, strict=True))
    rounds = " ".join(f"{speed:.3g}" for speed in found)
    return contender.name, f"{statistics.median(found):.3g}", rounds, f"{ratio:.2f} x", contender.aim


def _latencies(texts: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    short = next(text for text in texts if len(text) >= 100 and text.isascii())[:100]
    line = " ".join(texts[: len(texts) // 10]).encode()[:200_000].decode(errors="ignore")
    yield "a text of 100 bytes", f"{1e6 * _seconds([short], 200, 50):.1f} us", "<= 15 us"
    yield "a line of 200 kB", f"{1e3 * _seconds([line], 1, 9):.1f} ms", "<= 50 ms"


def _seconds(texts: list[str], calls: int, rounds: int) -> float:
    """Return the median CPU-seconds of a call, over rounds of so many calls."""
    # many calls at once: reading the clock itself costs a share of one
    found = [own_cpu(lambda: [augsvc.augment(texts, ONE, seed=0) for _ in range(calls)]) for _ in range(rounds)]
    return statistics.median(found) / calls


if __name__ == "__main__":
    main()
