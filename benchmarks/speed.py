"""Speed of augmentation beside tokenizers, `wc -w` and nlpaug: MB per CPU-second on one core, in one run.

`python benchmarks/speed.py [--megabytes 50] [--rounds 5]`: two minutes. The contenders take turns at each part of the
text, so that noise falls on all alike. In its turn each runs twice, and the second run counts: the first finds the
caches full of what the others left. Whatever else the machine does can only add to a part's time, so the speed is that
of the shortest time of each part, for every contender by the same rule; one whose parts are short finds a quiet moment
sooner. So beside it stand the medians over rounds, of speeds and of the ratios within each.
A second table has the time of single texts.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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
PARTS = 5
WORDPIECE_TEXTS = 20_000
NLPAUG_TEXTS = 500
OWN = "augsvc synonym"


class Contender(NamedTuple):
    """Something timed: `run` works on one of PARTS parts, returns the MB of text that count and the CPU-seconds.

    `aim` is how many times as fast as this the synonym operation aims to be.
    """

    name: str
    aim: str
    run: Callable[[int], tuple[float, float]]


class Timed(NamedTuple):
    """The turns of a contender: what each part took in each round."""

    megabytes: list[float]  # [PARTS]
    seconds: list[list[float]]  # [rounds, PARTS]

    @property
    def least_disturbed(self) -> float:
        """MB per CPU-second by the shortest time of each part."""
        return sum(self.megabytes) / sum(map(min, zip(*self.seconds, strict=True)))

    @property
    def by_round(self) -> list[float]:
        """MB per CPU-second in each round."""
        return [sum(self.megabytes) / sum(of_parts) for of_parts in self.seconds]


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
        contenders = [*_own(texts), *_tokenizers(texts), *_others(texts, stack)]
        progress.advance(preparing)
        found = {contender.name: Timed([0.0] * PARTS, []) for contender in contenders}
        for _ in progress.track(range(options.rounds), description="rounds"):
            _turns(contenders, found)
    print_table(
        f"{size:.0f} MB of running English, MB per CPU-second on one core",
        ("", "least disturbed", "augsvc synonym is", "aim", "median", "augsvc synonym is"),
        [_row(contender, found) for contender in contenders],
        [
            "Four operations: synonym, random deletion, and both again with other settings. Copies count output.",
            "Five on grammar: errors of five kinds at a rate of .02 each, together as many edits as synonyms at most.",
        ],
    )
    print_table("Single texts, in process", ("", "median", "aim"), list(_latencies(texts)))


def _turns(contenders: Sequence[Contender], found: Mapping[str, Timed]) -> None:
    for timed in found.values():
        timed.seconds.append([])
    for part in range(PARTS):
        for contender in contenders:
            contender.run(part)
            found[contender.name].megabytes[part], seconds = contender.run(part)
            found[contender.name].seconds[-1].append(seconds)


def parts_of(texts: Sequence[str]) -> list[Sequence[str]]:
    """Return PARTS parts of texts, one after another."""
    return [texts[part * len(texts) // PARTS : (part + 1) * len(texts) // PARTS] for part in range(PARTS)]


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


def _own(texts: Sequence[str]) -> Iterator[Contender]:
    parts = parts_of(texts)
    arrays, sizes = [pa.array(part) for part in parts], [megabytes(part) for part in parts]
    augsvc.augment_arrow(arrays[0][:10], FOUR, seed=0)  # compiles or loads the kernels

    def augmented(pipeline: dict[str, Any], part: int) -> tuple[float, float]:
        return sizes[part], own_cpu(lambda: augsvc.augment_arrow(arrays[part], pipeline, seed=0))

    yield Contender(OWN, "", lambda part: augmented(ONE, part))
    yield Contender("augsvc, four operations", "<= 2 x", lambda part: augmented(FOUR, part))
    yield Contender("augsvc, five on grammar", "<= 2 x", lambda part: augmented(GRAMMAR, part))
    yield Contender(f"augsvc synonym, {COPIES} copies", "", lambda part: _copies(arrays[part]))


def _tokenizers(texts: Sequence[str]) -> Iterator[Contender]:
    training, parts = texts[: len(texts) // 4], parts_of(texts)
    # it is so much slower that a sample of the text is enough
    samples = parts_of(texts[:: max(1, len(texts) // WORDPIECE_TEXTS)])
    pieces, encoding = wordpiece(training), tiktoken_encoding(training)

    def in_pieces(part: int) -> tuple[float, float]:
        return megabytes(samples[part]), own_cpu(lambda: pieces.encode_batch(samples[part]))

    def encoded(part: int) -> tuple[float, float]:
        return megabytes(parts[part]), own_cpu(lambda: list(map(encoding.encode_ordinary, parts[part])))

    yield Contender("WordPiece encode_batch (30k)", ">= 15 x", in_pieces)
    yield Contender("tiktoken (16k)", ">= 4 x", encoded)


def _others(texts: Sequence[str], stack: ExitStack) -> Iterator[Contender]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    parts = parts_of(texts)
    for part, lines in enumerate(parts):
        (folder / f"{part}.txt").write_text("\n".join(lines), "utf-8")
    sizes = [megabytes(part) for part in parts]
    # in another locale wc decodes UTF-8, and is many times slower
    yield Contender(
        "wc -w (C locale)", ">= .35 x", lambda part: (sizes[part], child_cpu(["wc", "-w", str(folder / f"{part}.txt")]))
    )
    if ensure_peers():
        nlpaug = stack.enter_context(Augmenter("nlpaug"))
        samples = parts_of(texts[:: max(1, len(texts) // NLPAUG_TEXTS)])
        yield Contender(
            "nlpaug SynonymAug",
            ">= 300 x",
            lambda part: (megabytes(samples[part]), nlpaug.ask(samples[part], [])["cpu_s"]),
        )


def _copies(array: pa.Array[Any]) -> tuple[float, float]:
    few = array[: len(array) // COPIES]
    started = time.process_time()
    output = augsvc.augment_arrow(few, ONE, seed=0, copies=COPIES)
    seconds = time.process_time() - started
    return pc.sum(pc.binary_length(output)).as_py() / 1e6, seconds


def _row(contender: Contender, found: Mapping[str, Timed]) -> tuple[str, ...]:
    ours, timed = found[OWN], found[contender.name]
    best, median = timed.least_disturbed, statistics.median(timed.by_round)
    ratio = statistics.median(own / other for own, other in zip(ours.by_round, timed.by_round, strict=True))
    known = (f"{best:.3g}", f"{ours.least_disturbed / best:.2f} x", contender.aim)
    return contender.name, *known, f"{median:.3g}", f"{ratio:.2f} x"


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
