"""Lexicons whose tagger has not seen the sentences that it tags: EWT's train is judged, and the pack is trained on it.

Fold k holds the sentences whose number is k modulo the folds; its lexicon is the pack with a tagger trained on the
other folds and on GUM's train. The words that the pack knows stay those of the whole: only their tags are unlearnt.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from text import DATA

from augsvc import Lexicon

TRAINER = "augsvc.lexicon.builder.tagger"
JUDGED = DATA / "ud_ewt" / "en_ewt-ud-train.conllu"
OTHERS = DATA / "ud_gum" / "en_gum-ud-train-ccby.conllu"


def has_tagger() -> bool:
    """Whether this build of the package trains a tagger at all."""
    return find_spec(TRAINER) is not None


def cross_fitted(folder: Path, folds: int = 4) -> Iterator[int]:
    """Train and save each fold's tagger in a folder, yielding the fold's number when it is done; half a minute each."""
    from augsvc.lexicon.builder.tagger import train
    from augsvc.lexicon.conllu import read

    judged, others = read([JUDGED]), read([OTHERS])
    for fold in range(folds):
        rest = [sentence for number, sentence in enumerate(judged) if number % folds != fold]
        np.savez(folder / f"{fold}.npz", **train([*rest, *others], Lexicon.open().tensors))
        yield fold


def load_lexicons(folder: str) -> list[Lexicon]:
    """Return the pack once for each fold that `cross_fitted` saved, in order, with that fold's tagger in it."""
    pack = Lexicon.open()
    paths = sorted(Path(folder).glob("*.npz"), key=lambda path: int(path.stem))
    if not paths:
        raise FileNotFoundError(f"{folder} holds no cross-fitted taggers: run benchmarks/quality.py, which trains them")
    return [Lexicon(pack.path, pack.metadata, {**pack.tensors, **_tensors(path)}) for path in paths]


def _tensors(path: Path) -> dict[str, np.ndarray]:
    tensors = dict(np.load(path))
    for tensor in tensors.values():
        tensor.setflags(write=False)  # kernels are compiled for a mapped file's arrays
    return tensors
