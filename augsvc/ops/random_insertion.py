"""Random insertion."""

from __future__ import annotations

from typing import ClassVar, Literal

from augsvc.ops.base import Example, Family
from augsvc.ops.synonym import Candidates
from augsvc.types import Action


class RandomInsertion(Candidates):
    """Insert a synonym of a random word after another random word, an article before it agreeing.

    Source: Wei and Zou, "EDA: Easy data augmentation techniques for boosting performance on text classification tasks",
    EMNLP 2019.
    """

    action: ClassVar[Action] = Action.INSERTION
    version: ClassVar[int] = 5
    family: ClassVar[Family] = "noise"
    example: ClassVar[Example] = Example("She purchased a car.", "She purchased bought a car.", 0, {"rate": 0.25})

    type: Literal["random_insertion"] = "random_insertion"
