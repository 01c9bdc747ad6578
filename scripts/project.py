#!/usr/bin/env python3
"""Create the project's environment and run a task in it: `python3 scripts/project.py demo`.

The Makefile's targets call this script and nothing else, so it is the same thing on a machine without make. It needs
only Python 3.11 or later; the environment is `.venv` and is brought up to date when its inputs change.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
TORCH = "torch==2.13.0"
SOURCES = Path(os.environ.get("LEXICON_SOURCES", ROOT.parent / "shared" / "data"))

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)
PYTEST = ("pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "worksteal")
LEXICON = (
    *("augsvc", "lexicon", "build", "--output", "wordnet_data/en.safetensors"),
    *("--wordnet", str(SOURCES / "wordnet3"), "--names", str(SOURCES / "names")),
    *("--unimorph", str(SOURCES / "unimorph" / "eng_2018.tsv")),
    *("--treebank", str(SOURCES / "ud_ewt" / "en_ewt-ud-train.conllu")),
    *("--treebank", str(SOURCES / "ud_gum" / "en_gum-ud-train-ccby.conllu")),
)
BENCHMARKS = tuple(
    ("python", f"benchmarks/{name}.py")
    for name in ("speed", "loading", "quality", "tagger", "verbs", "stream", "client")
)
TASKS: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "dev": ("dev", (("pre-commit", "install"),)),
    "demo": ("torch", (("python", "examples/demo.py"),)),
    "serve": ("", (("augsvc", "serve"),)),
    "test": ("dev", (*CHECKS, ("augsvc", "warmup"), PYTEST)),
    "check": ("dev", CHECKS),
    "bench": ("bench", BENCHMARKS),
    "docs": ("test", (("pytest", "tests/cli/test_documents.py"),)),
    "lexicon": ("lexicon", (LEXICON,)),
}
"""Each task's extra of the package and its commands, all of which run even when one has failed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the task named on the command line; words after it are handed to its last command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="handed to the task's last command")
    options = parser.parse_args(arguments)
    extra, commands = TASKS[options.task]
    install(extra)
    *first, last = commands
    statuses = [run(command) for command in (*first, (*last, *options.rest))]
    return next((status for status in statuses if status), 0)


def run(command: Sequence[str]) -> int:
    """Run a command of the environment from the repository's root and return its exit status."""
    print("$", *command, flush=True)
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}", "VIRTUAL_ENV": str(VENV)}
    with subprocess.Popen([str(BIN / command[0]), *command[1:]], cwd=ROOT, env=environment) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # the terminal has told the child too, which ends in its own way


def install(extra: str) -> None:
    """Bring `.venv` to hold the package with an extra; nothing to do when its inputs have not changed."""
    stamp = VENV / f".installed-{extra or 'base'}"
    inputs = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    digest = hashlib.sha256(inputs).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    create()
    print(f"installing augsvc[{extra}] into {VENV.relative_to(ROOT)}: a minute or a few", flush=True)
    if extra not in ("", "lexicon"):
        install_torch()
    target = f".[{extra}]" if extra else "."
    must(uv("install", "-c", "constraints.txt", "-e", target))
    stamp.write_text(digest)


def create() -> None:
    """Make the empty environment, with pip and uv."""
    if not PYTHON.exists():
        print(f"creating {VENV.relative_to(ROOT)} with Python {sys.version.split()[0]}", flush=True)
        venv.create(VENV, with_pip=True)
    elif not quiet([str(PYTHON), "-m", "pip", "--version"]):
        # a creation that was interrupted leaves python without pip
        must([str(PYTHON), "-m", "ensurepip"])
    if not (BIN / "uv").exists() and not shutil.which("uv"):
        must(pip("install", "-c", "constraints.txt", "uv"))


def install_torch() -> None:
    """Install PyTorch without the gigabytes of CUDA: a local wheel if pip knows one, else a CPU build, else pip's."""
    installed = "import importlib.util as u, sys; sys.exit(u.find_spec('torch') is None)"
    if quiet([str(PYTHON), "-c", installed]) or quiet(pip("install", "--no-index", "--no-deps", TORCH)):
        return
    if sys.platform != "linux" or not quiet(uv("install", "--torch-backend", "cpu", TORCH)):
        must(pip("install", TORCH))


def pip(*arguments: str) -> list[str]:
    """The environment's pip as a command."""
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]


def uv(*arguments: str) -> list[str]:
    """uv's pip interface on the environment as a command."""
    tool = BIN / "uv" if (BIN / "uv").exists() else shutil.which("uv")
    return [str(tool), "pip", *arguments, "--quiet", "--python", str(PYTHON)]


def quiet(command: Sequence[str]) -> bool:
    """Whether a command succeeds, its output thrown away."""
    return not subprocess.run(command, capture_output=True, check=False).returncode


def must(command: Sequence[str]) -> None:
    """Run an installation step, or stop with what failed."""
    if status := subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise SystemExit(f"{' '.join(command)} failed with status {status}: fix what it says above and run this again")


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        raise SystemExit("augsvc needs Python 3.11 or later: run this script with a newer python3")
    raise SystemExit(main())
