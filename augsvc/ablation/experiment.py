"""An experiment as a process holds it: its settings and its data; each of its runs is one row under one seed."""

from __future__ import annotations

from functools import cached_property
from itertools import cycle, islice

import torch
from torch import nn

from augsvc.ablation import vectors
from augsvc.ablation.data import Labelled, check, read
from augsvc.ablation.families import Family, family_of
from augsvc.ablation.figures import Figures, accuracy, ece, nll
from augsvc.ablation.material import Augment, augmented, perturb, prepare
from augsvc.ablation.settings import Settings, files_of
from augsvc.ablation.suitable import check_model
from augsvc.ablation.training import Training, model_of
from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import RegularizationPlan, sparsity


class Experiment:
    """Reads what the settings name; `augment` may be another than ours, to be compared with it.

    Raises InvalidInput, InvalidCorpus or UnsupportedMedia for what cannot be read or makes no experiment.
    """

    def __init__(self, settings: Settings, augment: Augment = augmented) -> None:
        self.settings, self.augment = settings, augment
        columns = (settings.text_column, settings.label_column)
        self.train, self.test = read(settings.train, *columns), read(settings.test, *columns)
        check(self.train, self.test, settings.n)
        self._vectors = None if settings.pretrained else self._word_vectors()
        if self._vectors and not self._vectors.know(self.train.texts):
            raise InvalidInput("no word of TRAIN has a vector: name vectors of its language, of words in lower case")
        self.batch_norm = self._family().batch_norm

    @cached_property
    def tests(self) -> dict[str, Labelled]:
        """The test rows as they stand, under "", and perturbed."""
        return {"": self.test} | perturb(self.test)

    def check_model(self) -> None:
        """Make the model and ask it about a row and a long text; raises InvalidInput where it has no logits to say."""
        family, classes = self._family(), len(self.train.classes())
        # of as many words as are read at most: encoders do not say how many they take
        long = " ".join(islice(cycle(self.train.texts), self.settings.longest))
        batch = family.batch(family.encode([self.train.texts[0], long]))
        check_model(self.settings.model, family.factory(classes, batch_norm=False), batch, classes)

    def run(self, plan: RegularizationPlan, seed: int) -> Figures:
        """Train one model and measure it; the same arguments give the same figures, but for seconds."""
        family, course = self._family(), self.settings.course
        material = prepare(
            family,
            self.train,
            self.tests,
            plan.augmentation.pipeline if plan.augmentation else None,
            augment=self.augment,
            members=plan.ensemble.members if plan.ensemble and plan.ensemble.kind == "deep" else 1,
            wanted=self.settings.n,
            held_out=self.settings.held_out if plan.early_stopping else 0,
            epochs=course.epochs,
            seed=seed,
        )
        factory = family.factory(len(self.train.classes()), batch_norm=plan.batch_norm is not None)
        model = model_of(factory, plan, seed, family.batch(material.train.texts[:2]))
        # of dropout
        torch.manual_seed(seed)
        training = Training(model, plan, course, material, family, seed)
        training.run()
        return _measured(training, seed)

    def _family(self) -> Family:
        return family_of(self.settings.model, self._vectors, self.settings.longest)

    def _word_vectors(self) -> vectors.WordVectors:
        if self.settings.vectors:
            return vectors.from_file(self.settings.vectors)
        files = [file for path in self.settings.unlabelled for file in files_of(path)]
        lines = [line for file in files for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
        return vectors.from_texts([*lines, *self.train.texts])


def _measured(training: Training, seed: int) -> Figures:
    tests, train = training.material.tests, training.material.train
    found = {name: training.probabilities(rows) for name, rows in tests.items()}
    right = {name: accuracy(shown, tests[name].labels) for name, shown in found.items()}
    on_test, on_train = right.pop(""), accuracy(training.probabilities(train), train.labels)
    return Figures(
        seed=seed,
        accuracy=on_test,
        train_accuracy=on_train,
        gap=on_train - on_test,
        nll=nll(found[""], tests[""].labels),
        ece=ece(found[""], tests[""].labels),
        zeros=_zeros(training.model),
        steps=training.steps,
        seconds=training.seconds,
        robustness=right,
        curve=tuple(training.points),
    )


def _zeros(model: nn.Module) -> float:
    """Return how many of the trained parameters are exactly zero, in per cent."""
    trained = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    parts = [part for name, part in sparsity(model).by_name.items() if name in trained]
    return 100 * sum(part.zeros for part in parts) / sum(part.total for part in parts)
