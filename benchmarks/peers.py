"""The peers' environment, `.venv-peers`, and augmenters as subprocesses: `python benchmarks/peers.py` makes it.

A minute and some 350 MB. NLTK's data cannot be downloaded everywhere, so its WordNet is the WordNet 3.0 of
`shared/data`, and its tagger is NLTK's own PerceptronTagger trained on GUM's train and EWT's dev, which hold none of
the sentences that are judged. Profanity lists come from better-profanity (PyPI) and naughty-words (npm).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Self, cast

from rich.console import Console
from text import DATA
from treebank import read_treebank

HERE = Path(__file__).parent
ROOT = HERE.parent
VENV = ROOT / ".venv-peers"
PYTHON = VENV / "bin" / "python"
NLTK_DATA = VENV / "nltk_data"
NAUGHTY = "naughty-words@1.2.0"
TAGGER = Path("taggers", "averaged_perceptron_tagger", "averaged_perceptron_tagger.pickle")

TRAIN = """
import json, sys
from nltk.tag.perceptron import PerceptronTagger
PerceptronTagger(load=False).train(json.load(sys.stdin), save_loc=sys.argv[1])
"""


class Augmenter:
    """A running `worker.py NAME`: `loaded` holds its CPU-seconds and megabytes after loading."""

    def __init__(self, name: str, *arguments: str, hash_seed: int = 0) -> None:
        self.name = name
        python = sys.executable if name == "augsvc" else str(PYTHON)
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        environment = os.environ | {
            "NLTK_DATA": str(NLTK_DATA),
            "PYTHONHASHSEED": str(hash_seed),
            "PYTHONWARNINGS": "ignore",
            # the peers must not find the packages of the environment that runs this
            "PYTHONPATH": path if name == "augsvc" else "",
        }
        self.process = subprocess.Popen(
            [python, str(HERE / "worker.py"), name, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.loaded: dict[str, float] = self._read()

    def ask(self, texts: Sequence[str], ids: Sequence[int], epoch: int = 0, *, edits: bool = False) -> dict[str, Any]:
        """Return the worker's answer on a batch of texts."""
        request = {"texts": list(texts), "ids": list(ids), "epoch": epoch, "edits": edits}
        print(json.dumps(request), file=cast("IO[str]", self.process.stdin), flush=True)
        return self._read()

    def _read(self) -> dict[str, Any]:
        line = cast("IO[str]", self.process.stdout).readline()
        if not line:
            self.process.communicate()
            raise SystemExit(f"benchmarks/worker.py {self.name} ended early: see what it says above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()


def ensure_peers() -> bool:
    """Make the environment where it is missing or old; return whether it is there, having said why where not."""
    wanted = (HERE / "peers.txt").read_text("utf-8")
    stamp = VENV / "installed.txt"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return True
    console = Console(stderr=True)
    if not DATA.is_dir():
        console.print(f"The peers are left out: their data is made from the corpora, and {DATA} is no directory.")
        return False
    with console.status(f"making {VENV.name}: installing the peers, training NLTK's tagger (a minute or two)"):
        try:
            install(VENV, HERE / "peers.txt")
            _nltk_data()
            _train_tagger()
            _naughty_words(console)
        except (OSError, subprocess.CalledProcessError) as error:
            console.print(f"The peers are left out: {VENV.name} could not be made ({error}).")
            return False
    stamp.write_text(wanted, "utf-8")
    return True


def install(folder: Path, requirements: Path) -> None:
    """Make an environment with what a file asks for; raises OSError or CalledProcessError where that fails."""
    venv.create(folder, clear=True, with_pip=not shutil.which("uv"))
    python = str(folder / "bin" / "python")
    tool = ["uv", "pip", "install", "--python", python] if shutil.which("uv") else [python, "-m", "pip", "install"]
    _must([*tool, "--quiet", "-r", str(requirements)])


def profanities() -> dict[str, frozenset[str]]:
    """Return the profanity lists that are at hand, by name, in lower case."""
    lists: dict[str, frozenset[str]] = {}
    for path in VENV.glob("lib/python*/site-packages/better_profanity/profanity_wordlist.txt"):
        lists["better-profanity"] = frozenset(path.read_text("utf-8").lower().split("\n")) - {""}
    path = VENV / "package" / "en.json"
    if path.exists():
        lists["naughty-words"] = frozenset(word.lower() for word in json.loads(path.read_text("utf-8")))
    return lists


def _nltk_data() -> None:
    wordnet = NLTK_DATA / "corpora" / "wordnet"
    shutil.copytree(DATA / "wordnet3", wordnet, copy_function=shutil.copyfile)
    wordnet.chmod(0o755)
    # Debian's files lack this one; the reader also asks for the folder of the multilingual wordnets, and needs none
    names = next((ROOT / "augsvc" / "lexicon").rglob("lexnames.txt")).read_text("utf-8").splitlines()
    (wordnet / "lexnames").write_text("".join(f"{line}\n" for line in names if not line.startswith("#")), "utf-8")
    (NLTK_DATA / "corpora" / "omw-1.4").mkdir()


def _train_tagger() -> None:
    (NLTK_DATA / TAGGER).parent.mkdir(parents=True)
    paths = (DATA / "ud_gum" / "en_gum-ud-train-ccby.conllu", DATA / "ud_ewt" / "en_ewt-ud-dev.conllu")
    gold = [[(token.form, token.tag) for token in one.tokens] for path in paths for one in read_treebank(path)]
    _must([str(PYTHON), "-c", TRAIN], str(NLTK_DATA / TAGGER), stdin=json.dumps(gold))


def _naughty_words(console: Console) -> None:
    if not shutil.which("npm"):
        console.print("npm is not installed: profanities are judged by better-profanity alone.")
        return
    with tempfile.TemporaryDirectory() as folder:
        _must(["npm", "pack", "--silent", "--pack-destination", folder], NAUGHTY)
        for archive in Path(folder).glob("*.tgz"):
            shutil.unpack_archive(archive, VENV, filter="data")


def _must(command: Sequence[str], *arguments: str, stdin: str | None = None) -> None:
    subprocess.run([*command, *arguments], cwd=HERE, input=stdin, text=True, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    raise SystemExit(0 if ensure_peers() else 1)
