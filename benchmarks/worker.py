"""One augmenter in a process of its own, so that its load time and memory are its own: `worker.py NAME`.

It speaks JSON lines. First it says {"load_s", "load_mb"}: CPU-seconds and resident megabytes after loading and a first
text. Then each {"texts", "ids", "epoch", "edits"} on standard input gets {"texts", "edits", "failed", "cpu_s",
"peak_mb"}. Peers are set up as their documentation says, to replace one word in ten, with the global generators seeded;
none of them knows ids or epochs. It runs in the peers' environment too, so nothing is imported before it is used.
"""

from __future__ import annotations

import json
import os
import random  # noqa: TID251  what the peers draw from
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Texts = Callable[[str], str]

RATE = 0.1
SYNONYM = {"ops": [{"type": "synonym", "rate": RATE}]}


def nlpaug() -> Texts:
    """nlpaug's SynonymAug over WordNet; `aug_p` is the share of words, at least one."""
    from nlpaug.augmenter.word import SynonymAug

    augmenter = SynonymAug(aug_src="wordnet", aug_p=RATE)
    return lambda text: str(augmenter.augment(text)[0])


def eda() -> Texts:
    """textaugment's EDA: n = max(1, rate x words) as in the paper, and gensim's stop words: NLTK's need a download."""
    augmenter = textaugment()
    return lambda text: augmenter.synonym_replacement(text, n=edits(text))


def eda_of_four() -> Texts:
    """textaugment's EDA whole: one of its four operations a text, each at the paper's rate."""
    augmenter = textaugment()
    operations: list[Texts] = [
        lambda text: augmenter.synonym_replacement(text, n=edits(text)),
        lambda text: augmenter.random_insertion(text, n=edits(text)),
        lambda text: augmenter.random_swap(text, n=edits(text)),
        lambda text: augmenter.random_deletion(text, p=RATE),
    ]

    def one_of_four(text: str) -> str:
        return random.choice(operations)(text)  # noqa: S311  as the peer itself draws

    return one_of_four


def textaugment() -> Any:
    """textaugment's EDA, set up."""
    import nltk
    from gensim.parsing.preprocessing import STOPWORDS

    nltk.download = lambda *_, **__: True  # its constructor downloads what is already in place
    from textaugment import EDA

    return EDA(stop_words=sorted(STOPWORDS), random_state=0)


def edits(text: str) -> int:
    """How many words the paper changes."""
    return max(1, int(RATE * len(text.split())))


def niacin() -> Texts:
    """niacin's add_synonyms at p = rate."""
    import numpy as np
    import scipy

    scipy.random = np.random  # noqa: TID251  it imports this alias, which SciPy has dropped since
    from niacin.text.en import add_synonyms

    return lambda text: str(add_synonyms(text, p=RATE))


def nltk_wordnet() -> Texts:
    """NLTK's WordNet reader, loaded and asked once: what the peers stand on."""
    from nltk.corpus import wordnet

    wordnet.ensure_loaded()
    return lambda text: str(wordnet.synsets(text.split()[0]) and text)


PEERS: dict[str, Callable[[], Texts]] = {
    "nlpaug": nlpaug,
    "eda": eda,
    "eda-of-four": eda_of_four,
    "niacin": niacin,
    "nltk-wordnet": nltk_wordnet,
}


class Peer:
    """A function from text to text: what it raises on is counted and kept as it was."""

    def __init__(self, name: str) -> None:
        random.seed(0)
        self.augment = PEERS[name]()
        import numpy as np

        np.random.seed(0)  # noqa: NPY002, TID251  what niacin and nlpaug draw from

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the augmented texts, and how many raised."""
        texts, failed = [], 0
        for text in request["texts"]:
            try:
                texts.append(self.augment(text))
            except Exception:  # noqa: BLE001  whatever a peer raises is a figure of it
                texts.append(text)
                failed += 1
        return {"texts": texts, "edits": None, "failed": failed}


class Own:
    """augsvc's synonym operation, by a lexicon for each fold where cross-fitted ones are given."""

    def __init__(self, folds: str | None) -> None:
        import augsvc

        self.augsvc = augsvc
        if folds:
            from crossfit import load_lexicons

            self.lexicons = load_lexicons(folds)
        else:
            self.lexicons = [augsvc.Lexicon.open()]

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the augmented texts, with their edits where these are asked for: else by the Arrow way, the faster."""
        number = len(self.lexicons)
        answers: list[tuple[str, Any]] = [("", None)] * len(request["texts"])
        for fold, lexicon in enumerate(self.lexicons):
            places = [place for place, row in enumerate(request["ids"]) if row % number == fold]
            found = self._augment(request, places, lexicon)
            for place, pair in zip(places, found, strict=True):
                answers[place] = pair
        return {"texts": [text for text, _ in answers], "edits": [edits for _, edits in answers], "failed": 0}

    def _augment(self, request: dict[str, Any], places: list[int], lexicon: Any) -> list[tuple[str, Any]]:
        import pyarrow as pa

        texts, ids = ([request[name][place] for place in places] for name in ("texts", "ids"))
        key = {"seed": 0, "epoch": request["epoch"], "ids": ids, "lexicon": lexicon}
        if not request["edits"]:
            column = self.augsvc.augment_arrow(pa.array(texts, pa.string()), SYNONYM, **key)
            return [(text, None) for text in column.to_pylist()]
        found = self.augsvc.augment(texts, SYNONYM, **key)
        return [(one.text, [(e.start, e.end, e.original, e.replacement) for e in one.edits]) for one in found]


def main() -> None:
    """Load the augmenter that the command line names, and answer until standard input ends."""
    name, *folds = sys.argv[1:]
    # what a library prints must not mix with the answers
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    augmenter = Own(folds[0] if folds else None) if name == "augsvc" else Peer(name)
    augmenter.answer({"texts": ["A dog sleeps quietly."], "ids": [0], "epoch": 0, "edits": False})
    print(json.dumps({"load_s": time.process_time(), "load_mb": peak_mb()}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        started = time.process_time()
        answer = augmenter.answer(request)
        answer |= {"cpu_s": time.process_time() - started, "peak_mb": peak_mb()}
        print(json.dumps(answer), file=answers, flush=True)


def peak_mb() -> float:
    """Return the largest resident memory of this process so far, in MB."""
    try:
        # where it is told, since getrusage counts what the parent held before this program was begun
        lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
