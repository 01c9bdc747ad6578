"""One training under a plan, for a fixed number of steps unless early stopping ends it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from augsvc.ablation.data import draw
from augsvc.ablation.families import Factory, Family
from augsvc.ablation.figures import Point, accuracy, nll
from augsvc.ablation.material import Material, Rows
from augsvc.torch.regularizers import DeepEnsemble, Prediction, RegularizationPlan
from augsvc.torch.regularizers.optimizers import adamw

ASKED = 64
"""Rows that a model is asked at a time: what an encoder makes of more does not fit a processor's cache."""

FIRST_WEIGHTS = 1_000
"""So far apart are the seeds of the first weights of two runs, which leaves some for members."""

WATCHED = 256
"""Test rows at most that the learning curve is measured on, drawn alike for all."""

METRICS: dict[str, Callable[[Tensor, Tensor], float]] = {"loss": nll, "accuracy": accuracy}
"""What early stopping may watch on the rows held out."""

SORTED = 5
"""Batches of about equal lengths are cut from so many batches' rows, so that little is padding."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a model is trained, the same in every row of an experiment."""

    steps: int
    batch_size: int
    learning_rate: float
    points: int = 12
    """How often the learning curve is measured."""

    def epochs(self, rows: int) -> int:
        """How many epochs so many rows are seen for."""
        return math.ceil(self.steps / math.ceil(rows / self.batch_size))


def batches(lengths: Sequence[int], size: int, generators: Sequence[torch.Generator]) -> Iterator[list[list[int]]]:
    """Yield an epoch's batches, for each generator the rows of its own order; those of a batch about as long."""
    orders = [_by_length(lengths, size, generator) for generator in generators]
    # batches of all come in one order, so that those of a step are about equally long, too
    for place in torch.randperm(len(orders[0]), generator=generators[0]).tolist():
        yield [order[place] for order in orders]


def _by_length(lengths: Sequence[int], size: int, generator: torch.Generator) -> list[list[int]]:
    order = torch.randperm(len(lengths), generator=generator).tolist()
    found = []
    for start in range(0, len(order), SORTED * size):
        some = sorted(order[start : start + SORTED * size], key=lengths.__getitem__)
        found += [some[place : place + size] for place in range(0, len(some), size)]
    return found


def model_of(factory: Factory, plan: RegularizationPlan, seed: int, example: tuple[Tensor, Tensor]) -> nn.Module:
    """Make the model of a run: an ensemble, in one vectorised pass where `torch.func` can follow it, or one member."""
    deep = plan.ensemble if plan.ensemble and plan.ensemble.kind == "deep" else None
    models = DeepEnsemble.create(
        factory, deep.members if deep else 1, seed=FIRST_WEIGHTS * seed, vectorised=bool(deep and deep.vectorised)
    )
    if deep is None:
        return models.member(0)
    models.vectorised = models.vectorised and _vectorisable(models, example)
    return models


def _vectorisable(models: DeepEnsemble, example: tuple[Tensor, Tensor]) -> bool:
    """Say whether one pass can train these models, and ask them."""
    tried = deepcopy(models)  # what is asked in training has other running statistics
    inputs = [part.expand(models.members, *part.shape) for part in example]
    try:
        tried.each(*inputs).sum().backward()
        tried.eval().each(*inputs)
    except RuntimeError:
        return False
    return True


class Training:
    """Trains a model on the epochs of some material; `points` is its learning curve."""

    def __init__(
        self, model: nn.Module, plan: RegularizationPlan, course: Course, material: Material, family: Family, seed: int
    ) -> None:
        self.material = material
        self._course, self._family = course, family
        self._regularizers = plan.apply(model, adamw(course.learning_rate, fused=True))
        self._generators = [torch.Generator().manual_seed(FIRST_WEIGHTS * seed + i) for i in range(material.members)]
        tests = material.tests[""]
        self._watched = tests.take(draw(len(tests), WATCHED, seed=0))
        self._losses: list[float] = []
        self.steps, self.seconds, self.points = 0, 0.0, list[Point]()
        self.model: nn.Module = self._regularizers.model

    def run(self) -> None:
        """Train to the end of the course, or until it is stopped; then `model` is that of the best weights."""
        lengths = list(map(len, self.material.train.texts))
        for texts in self.material.epochs:
            for rows in batches(lengths, self._course.batch_size, self._generators):
                if self.steps < self._course.steps:
                    self._step(texts, rows)
            if self._regularizers.stopping and self._stops(self._regularizers.stopping.metric):
                break
        self.model = self._regularizers.finish(self._calibrating())

    def probabilities(self, rows: Rows) -> Tensor:
        """Return what the model says of rows as they stand, float[N, classes]: of an ensemble the members' mean."""
        order = sorted(range(len(rows)), key=lambda row: len(rows.texts[row]))
        found = [
            self._asked(self._family.batch([rows.texts[row] for row in order[start : start + ASKED]]))
            for start in range(0, len(order), ASKED)
        ]
        return torch.cat(found)[torch.tensor(order).argsort()]

    @torch.no_grad()
    def _asked(self, inputs: tuple[Tensor, Tensor]) -> Tensor:
        model = self.model
        training = model.training
        logits = model.eval()(*inputs)
        model.train(training)
        return Prediction.of_logits(logits if logits.ndim == 3 else logits.unsqueeze(0)).mean

    def _step(self, texts: list[list[list[int]]], rows: list[list[int]]) -> None:
        begun = time.process_time()
        training, labels = self._regularizers, self.material.train.labels[torch.tensor(rows)]
        tokens, mask = self._family.batch([of[row] for of, some in zip(texts, rows, strict=True) for row in some])
        if isinstance(training.model, DeepEnsemble):
            shape = (*labels.shape, -1)
            logits = training.model.each(tokens.view(shape), mask.view(shape))
        else:
            logits, labels = training.model(tokens, mask), labels[0]
        loss = training.loss(logits, labels)
        loss.backward()  # type: ignore[no-untyped-call]
        training.step()
        self.seconds += time.process_time() - begun
        self.steps += 1
        self._losses.append(loss.item() / len(rows))
        if self.steps * self._course.points % self._course.steps < self._course.points:
            self._measure()

    def _measure(self) -> None:
        self.model = self._regularizers.evaluated
        found = self.probabilities(self._watched)
        loss = math.fsum(self._losses) / len(self._losses)
        self._losses.clear()
        right = accuracy(found, self._watched.labels)
        self.points.append(Point(step=self.steps, seconds=self.seconds, loss=loss, accuracy=right))

    def _stops(self, metric: str) -> bool:
        begun = time.process_time()
        self.model = self._regularizers.evaluated
        rows = self.material.held_out
        stops = self._regularizers.epoch_end(METRICS[metric](self.probabilities(rows), rows.labels))
        # what it costs to know when to stop is part of the cost
        self.seconds += time.process_time() - begun
        return stops

    def _calibrating(self) -> list[tuple[Tensor, Tensor]]:
        rows = self.material.train.texts
        size = self._course.batch_size
        return [self._family.batch(rows[start : start + size]) for start in range(0, len(rows), size)]
