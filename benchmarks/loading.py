"""What it costs before the first text: import, opening the pack, compiling kernels or loading them, and memory.

`python benchmarks/loading.py [--rounds 5]`: under a minute, most of it one compilation. Every figure is of a process
that is started for it, and its CPU-seconds count from the interpreter's first line of code.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from peers import Augmenter, ensure_peers
from rich.console import Console
from table import print_table

CODE = """
import json, time
start = time.process_time()
import augsvc
lexicon = augsvc.Lexicon.open()
opened = time.process_time()
try:
    lines = [line.split() for line in open("/proc/self/smaps_rollup")]
    private = sum(int(line[1]) for line in lines if line[0].startswith("Private_")) * 1024 / 1e6
except OSError:
    private = None
before = time.process_time()
import numpy
imported = time.process_time()
augsvc.augment(["A small dog ran home."], seed=0, lexicon=lexicon)
first = time.process_time()
try:
    resident = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) * 1024 / 1e6
except OSError:
    import resource
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
found = {"open": opened - start, "private": private, "numpy": imported - before, "first": first - imported}
print(json.dumps(found | {"resident": resident}))
"""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="processes per figure, compilation aside (default: 5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache, Console(stderr=True).status("compiling every kernel of a first text"):
        # an empty folder, so that neither the user's kernels nor shipped ones are found
        cold = _measure(cache)
        warm = [_measure(cache) for _ in range(options.rounds)]
    rows = [
        ("import augsvc and open the pack, CPU-seconds", _median(warm, "open", ".3f"), "<= .3"),
        ("private memory before the first kernel, MB", _median(warm, "private", ".0f"), "<= 100"),
        ("import NumPy, which a first text needs, CPU-seconds", _median(warm, "numpy", ".3f"), ""),
        ("first text, kernels compiled for it, CPU-seconds", f"{cold['first']:.1f}", ""),
        ("first text, kernels loaded from the cache, CPU-seconds", _median(warm, "first", ".2f"), ""),
        ("resident memory after the first text, kernels loaded, MB", _median(warm, "resident", ".0f"), ""),
    ]
    if ensure_peers():
        with Augmenter("nltk-wordnet") as reader:
            rows += [
                ("NLTK's WordNet reader: load, CPU-seconds", f"{reader.loaded['load_s']:.1f}", ""),
                ("NLTK's WordNet reader: resident memory, MB", f"{reader.loaded['load_mb']:.0f}", ""),
            ]
    print_table("Before the first text", ("", "median", "aim"), rows)


def _measure(cache: str) -> dict[str, float | None]:
    environment = os.environ | {"AUGSVC_KERNEL_CACHE": cache, "PYTHONPATH": _path()}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    found: dict[str, float | None] = json.loads(done.stdout)
    return found


def _path() -> str:
    root = str(Path(__file__).parents[1])
    return os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))


def _median(runs: list[dict[str, float | None]], name: str, style: str) -> str:
    found = [value for run in runs if (value := run[name]) is not None]
    return format(statistics.median(found), style) if found else "not told by this system"


if __name__ == "__main__":
    main()
