"""Random swap."""

from __future__ import annotations

from typing import ClassVar, Literal

from augsvc.ops.base import Example, Family, Op
from augsvc.types import Action


class RandomSwap(Op):
    """Let two random words of a text change places, articles before them agreeing.

    Capitals stay with the sentence, and each edit tells where its word came from. A swap counts as one edit. Source:
    Wei and Zou, "EDA: Easy data augmentation techniques for boosting performance on text classification tasks", EMNLP
    2019; unlike there, negations, names, numbers and function words stay unless `protect.kinds` releases them.
    """

    action: ClassVar[Action] = Action.SWAP
    version: ClassVar[int] = 1
    family: ClassVar[Family] = "noise"
    example: ClassVar[Example] = Example(
        "The dog chased an old cat.", "The cat chased an old dog.", 0, {"rate": 1, "max_edits": 1}
    )

    type: Literal["random_swap"] = "random_swap"
