"""What one run sees, as numbers: its rows in every epoch, the rows held out, and the test rows, perturbed too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa
import torch
from torch import Tensor

from augsvc.ablation.data import Labelled, draw
from augsvc.ablation.families import Family
from augsvc.inprocess import PipelineLike, augment_arrow

PERTURBED = ("robustness", "learner-errors")
"""The presets that test rows are perturbed by."""

MOST_PERTURBED = 1_000
"""Test rows at most that are perturbed, drawn alike for all runs."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Encoded texts with the numbers of their classes, int64[N]."""

    texts: list[list[int]]
    labels: Tensor

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, indices: Sequence[int]) -> Rows:
        """Those at some places."""
        return Rows([self.texts[index] for index in indices], self.labels[list(indices)])


@dataclass(frozen=True, slots=True)
class Material:
    """Rows of a run.

    `epochs` holds the texts of `train` as each epoch shows them to each of the members, `tests` the test rows by name.
    """

    members: int
    train: Rows
    held_out: Rows
    epochs: list[list[list[list[int]]]]
    tests: dict[str, Rows]


class Augment(Protocol):
    """Augments texts: `copies` lists of as many, of an epoch."""

    def __call__(
        self, texts: Sequence[str], pipeline: PipelineLike, *, seed: int, epoch: int, ids: Sequence[int], copies: int
    ) -> list[list[str]]:
        """Return the copies, all texts of the first one first."""
        ...


def augmented(
    texts: Sequence[str], pipeline: PipelineLike, *, seed: int, epoch: int, ids: Sequence[int], copies: int = 1
) -> list[list[str]]:
    """Return copies of texts, all of the first copy first, as a stream over their file has them."""
    column: pa.Array[Any] = pa.array(texts, pa.large_string())
    found: list[Any] = augment_arrow(column, pipeline, seed=seed, epoch=epoch, ids=ids, copies=copies).to_pylist()
    return [found[copy::copies] for copy in range(copies)]


def perturb(test: Labelled) -> dict[str, Labelled]:
    """Return test rows perturbed by each preset: the same for every run."""
    ids = sorted(draw(len(test), MOST_PERTURBED, seed=0))
    plain = test.rows(ids)
    found = {name: augmented(plain.texts, name, seed=0, epoch=0, ids=ids)[0] for name in PERTURBED}
    return {name: Labelled(tuple(texts), plain.labels) for name, texts in found.items()}


def prepare(
    family: Family,
    train: Labelled,
    tests: Mapping[str, Labelled],
    pipeline: PipelineLike | None,
    *,
    augment: Augment,
    members: int,
    wanted: int,
    held_out: float,
    epochs: Callable[[int], int],
    seed: int,
) -> Material:
    """Draw the rows of a run and encode all that it will see.

    Args:
        family: encodes the texts.
        train: what rows are drawn from.
        tests: the test rows by name, as they stand under "".
        pipeline: augments the rows anew in every epoch; their key is (seed, epoch, place in `train`).
        augment: augments them.
        members: of an ensemble; each sees a copy of its own.
        wanted: how many rows are drawn.
        held_out: the share of them that is not trained on.
        epochs: tells how many epochs so many rows are trained for.
        seed: of the draw and of the augmentation.
    """
    numbers = {label: number for number, label in enumerate(train.classes())}
    drawn = draw(len(train), wanted, seed)
    apart = min(max(1, round(held_out * wanted)), wanted - 1) if held_out else 0
    kept = drawn[apart:]

    def rows(labelled: Labelled) -> Rows:
        return Rows(family.encode(labelled.texts), torch.tensor([numbers[label] for label in labelled.labels]))

    shown = rows(train.rows(kept))
    texts = train.rows(kept).texts

    def epoch_of(epoch: int) -> list[list[list[int]]]:
        if pipeline is None:
            return [shown.texts] * members
        copies = augment(texts, pipeline, seed=seed, epoch=epoch, ids=kept, copies=members)
        return [family.encode(copy) for copy in copies]

    return Material(
        train=shown,
        held_out=rows(train.rows(drawn[:apart])),
        members=members,
        epochs=[epoch_of(epoch) for epoch in range(epochs(len(kept)))],
        tests={name: rows(test) for name, test in tests.items()},
    )
