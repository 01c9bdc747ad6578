"""Random deletion."""

from __future__ import annotations

from typing import ClassVar, Literal

from augsvc.ops.base import Example, Family, Op
from augsvc.types import Action


class RandomDeletion(Op):
    """Delete words with the space before them, an article left behind agreeing with what follows.

    Source: Wei and Zou, "EDA: Easy data augmentation techniques for boosting performance on text classification tasks",
    EMNLP 2019; unlike there, negations, names, numbers and function words stay unless `protect.kinds` releases them.
    """

    action: ClassVar[Action] = Action.DELETION
    version: ClassVar[int] = 2
    family: ClassVar[Family] = "noise"
    example: ClassVar[Example] = Example("An old dog slept.", "A dog slept.", 1, {"rate": 1, "max_edits": 1})

    type: Literal["random_deletion"] = "random_deletion"
