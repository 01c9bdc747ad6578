"""Word vectors: read from a file of GloVe or fastText, or made of unlabelled text, and kept for the next time."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import torch
from platformdirs import user_cache_path
from torch import Tensor

from augsvc.ablation.cooccurrence import Float32s, vectors_of
from augsvc.ablation.words import Vocabulary, words_of
from augsvc.errors import InvalidInput
from augsvc.formats import Decoded, coding_of

VERSION = 3
"""Of how vectors are made and read: another is another name in the cache."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """A vector for each of some words: float32[words, dimensions]."""

    numbers: dict[str, int]
    table: Float32s

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return int(self.table.shape[1])

    def know(self, texts: Sequence[str]) -> bool:
        """Say whether any word of texts has a vector other than zero."""
        words = {word for text in texts for word in words_of(text)}
        return any(self.table[self.numbers[word]].any() for word in words if word in self.numbers)

    def of(self, vocabulary: Vocabulary) -> Tensor:
        """Return float32[len(vocabulary), dimensions], zero for padding and for words that have none.

        Each is scaled to the length sqrt(dimensions), so that vectors of any origin suit the same rate of learning.
        """
        rows = np.array([self.numbers.get(word, -1) for word in vocabulary], np.int64)
        known = rows >= 0
        found = np.zeros((len(vocabulary), self.dimensions), np.float32)
        found[1:][known] = self.table[rows[known]]
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return torch.from_numpy(found * np.divide(self.dimensions**0.5, lengths, where=lengths > 0, out=lengths))


def from_file(path: Path) -> WordVectors:
    """Read a text file of GloVe or fastText: a word and its numbers on each line; kept in the user's cache.

    Raises InvalidInput for what is no such file.
    """
    status = path.stat()
    name = f"{path.resolve()} {status.st_size} {status.st_mtime_ns}"
    return _kept(_digest([name]), lambda: _parsed(path))


def from_texts(texts: Sequence[str]) -> WordVectors:
    """Make vectors of unlabelled text (see `cooccurrence`); kept in the user's cache, so made once."""
    return _kept(_digest(texts), lambda: vectors_of(texts))


def _digest(texts: Iterable[str]) -> str:
    digest = hashlib.sha256(str(VERSION).encode())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()[:32]


def _kept(name: str, make: Callable[[], tuple[list[str], Float32s]]) -> WordVectors:
    folder = user_cache_path("augsvc") / "vectors" / name
    if not folder.is_dir():
        _keep(folder, *make())
    words = json.loads((folder / "words.json").read_bytes())
    # mapped, so that processes share one copy
    table = np.load(folder / "table.npy", mmap_mode="r")
    return WordVectors({word: number for number, word in enumerate(words)}, table)


def _keep(folder: Path, words: Sequence[str], table: Float32s) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".making-"))
    np.save(made / "table.npy", table)
    (made / "words.json").write_text(json.dumps(words), encoding="utf-8")
    # another process may have been faster: then its folder stands, and is the same
    with contextlib.suppress(OSError):
        made.rename(folder)


def _parsed(path: Path) -> tuple[list[str], Float32s]:
    vectors: dict[str, Float32s] = {}
    with path.open("rb") as file:
        codec = coding_of(path)
        stream = file if codec is None else cast("BinaryIO", Decoded(file, codec))
        lines = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="\n")
        first = lines.readline().split()
        # fastText's head: how many words, how many dimensions
        headed = len(first) == 2 and all(map(str.isdecimal, first))
        dimensions = int(first[1]) if headed else len(first) - 1
        for number, line in enumerate(lines if headed else chain([" ".join(first)], lines), 1 + headed):
            if vectors and not line.strip():
                continue
            # from the right, as a word of some files has spaces in it
            word, *values = line.rstrip().rsplit(" ", dimensions)
            vectors.setdefault(word, _vector(values, dimensions, f"line {number} of {path.name}"))
    if not vectors:
        raise InvalidInput(f"{path.name} holds no vectors: it needs the text format of GloVe or fastText")
    return list(vectors), np.stack(list(vectors.values()))


def _vector(values: Sequence[str], dimensions: int, place: str) -> Float32s:
    try:
        with np.errstate(over="ignore"):  # what is too large is not finite, and told below
            vector = np.array(values, np.float32)
    except ValueError:
        vector = np.empty(0, np.float32)
    if not (len(vector) == dimensions >= 2 and np.isfinite(vector).all()):
        raise InvalidInput(f"{place} is no word with its vector, in the text format of GloVe or fastText")
    return vector
