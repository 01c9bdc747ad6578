"""Word vectors from unlabelled text: positive pointwise mutual information, factored.

As Levy, Goldberg and Dagan ("Improving distributional similarity with lessons learned from word embeddings", TACL
2015) do it: words counted within a window, their contexts smoothed by the power of 3/4, the positive part of the
pointwise mutual information factored by a truncated singular value decomposition, of whose values the root is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from augsvc.ablation.words import words_of
from augsvc.errors import InvalidInput
from augsvc.types import Int64s

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Float32s: TypeAlias = npt.NDArray[np.float32]
Float64s: TypeAlias = npt.NDArray[np.float64]

DIMENSIONS, WINDOW, SMOOTHING = 100, 5, 0.75
MIN_COUNT, MOST_WORDS = 3, 30_000


def vectors_of(texts: Iterable[str]) -> tuple[list[str], Float32s]:
    """Return the words that occur at least `MIN_COUNT` times, the most frequent first, and float32[words, DIMENSIONS].

    The same texts give the same vectors, but for rounding. Raises InvalidInput where there is too little text
    to make any.
    """
    lines = [words_of(text) for text in texts]
    counts = Counter(word for line in lines for word in line)
    words = [word for word, count in counts.most_common(MOST_WORDS) if count >= MIN_COUNT]
    if len(words) <= DIMENSIONS:
        raise InvalidInput(
            f"word vectors need text with more than {DIMENSIONS} words that occur {MIN_COUNT} times, this has "
            f"{len(words)}: name more with --unlabelled, or a file of vectors with --vectors"
        )
    return words, _factored(_information(_counted(_numbered(lines, words), len(words))))


def _numbered(lines: Sequence[Sequence[str]], words: Sequence[str]) -> Int64s:
    """Return the words' numbers, one line after another with a window of -1 between them; -1 for a rare word, too."""
    numbers = {word: number for number, word in enumerate(words)}
    gap = [-1] * WINDOW
    return np.array([number for line in lines for number in (*(numbers.get(word, -1) for word in line), *gap)])


def _counted(stream: Int64s, size: int) -> csr_array:
    """Return how often words stand within a window of one another."""
    from scipy.sparse import coo_array, csr_array

    total = csr_array((size, size), dtype=np.float64)
    for distance in range(1, WINDOW + 1):
        left, right = stream[:-distance], stream[distance:]
        both = (left >= 0) & (right >= 0)
        pairs = coo_array((np.ones(both.sum()), (left[both], right[both])), shape=(size, size)).tocsr()
        total = total + pairs
    return cast("csr_array", total + total.T)


def _information(counts: csr_array) -> csr_array:
    """Return the positive pointwise mutual information of words and smoothed contexts."""
    found = counts.tocoo()
    totals = counts.sum(axis=1)
    smoothed = totals**SMOOTHING
    expected = totals[found.row] * smoothed[found.col] / smoothed.sum()
    found.data = np.maximum(np.log(found.data / expected), 0)
    result = found.tocsr()
    result.eliminate_zeros()
    return result


def _factored(matrix: csr_array) -> Float32s:
    from scipy.sparse.linalg import svds

    # a start of its own, or ARPACK would draw one
    left, values, _ = svds(matrix, k=DIMENSIONS, v0=np.ones(matrix.shape[0]))
    largest_first = _signed(left * np.sqrt(values))[:, ::-1]
    return np.ascontiguousarray(largest_first, dtype=np.float32)


def _signed(columns: Float64s) -> Float64s:
    """Return columns of which the largest number is positive: a factor's sign is any, and another in each process."""
    largest = columns[np.abs(columns).argmax(0), range(columns.shape[1])]
    return columns * np.sign(largest)
