"""`Prediction`: what several members say of the same rows, their mean, their vote and how far they disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from augsvc.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Prediction:
    """Class probabilities [members, rows, classes], floats: of an ensemble, of dropout's samples, of augmented copies.

    Entropies are in nats. Following Lakshminarayanan, Pritzel and Blundell, Simple and scalable predictive uncertainty
    estimation using deep ensembles, NeurIPS 2017; the mutual information after Houlsby et al., Bayesian active learning
    for classification and preference learning, 2011.
    """

    probabilities: Tensor

    def __post_init__(self) -> None:
        if self.probabilities.ndim != 3 or not len(self.probabilities):
            shape = list(self.probabilities.shape)
            raise InvalidInput(f"Probabilities are [members, rows, classes] of a member or more, not {shape}.")

    @classmethod
    def of_logits(cls, logits: Tensor) -> Self:
        """Return the prediction of unnormalised scores [members, rows, classes]."""
        return cls(logits.softmax(-1))

    @property
    def mean(self) -> Tensor:
        """The ensemble's probabilities [rows, classes]: the mean over its members."""
        return self.probabilities.mean(0)

    @property
    def labels(self) -> Tensor:
        """The class of the highest mean probability [rows], int64."""
        return self.mean.argmax(-1)

    @property
    def votes(self) -> Tensor:
        """Share of the members [rows, classes] whose first choice each class is."""
        members, _, classes = self.probabilities.shape
        chosen = torch.nn.functional.one_hot(self.probabilities.argmax(-1), classes)
        return chosen.sum(0).to(self.probabilities.dtype) / members

    @property
    def vote(self) -> Tensor:
        """The class that most members choose [rows], int64; of several the one of the highest mean probability."""
        votes = self.votes
        tied = votes == votes.amax(-1, keepdim=True)
        return self.mean.masked_fill(~tied, -1).argmax(-1)

    @property
    def variance(self) -> Tensor:
        """Variance of each probability over the members [rows, classes], of the population: 0 for one member."""
        return self.probabilities.var(0, correction=0)

    @property
    def entropy(self) -> Tensor:
        """Entropy of the mean [rows], 0 to log(classes): all uncertainty, of the data and of the model."""
        return _entropy(self.mean)

    @property
    def mutual_information(self) -> Tensor:
        """Entropy of the mean less the members' mean entropy [rows]: uncertainty by disagreement, 0 if all agree."""
        return (self.entropy - _entropy(self.probabilities).mean(0)).clamp_min(0)


def _entropy(probabilities: Tensor) -> Tensor:
    terms: Tensor = torch.special.entr(probabilities)
    return terms.sum(-1)
