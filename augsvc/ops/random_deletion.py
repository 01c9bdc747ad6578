"""Random deletion."""

from __future__ import annotations

from typing import ClassVar, Literal

from augsvc.batch import EditBatch, TokenBatch
from augsvc.kernels.propose import Draws, propose_deletions
from augsvc.lexicon import Lexicon
from augsvc.ops.base import Example, Family, Op, articles, room_for


class RandomDeletion(Op):
    """Delete words with the space before them, an article left behind agreeing with what follows.

    Source: Wei and Zou, "EDA: Easy data augmentation techniques for boosting performance on text classification tasks",
    EMNLP 2019; unlike there, negations, names, numbers and function words stay unless `protect.kinds` releases them.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "noise"
    example: ClassVar[Example] = Example("An old dog slept.", "A dog slept.", 2, {"rate": 1, "max_edits": 1})

    type: Literal["random_deletion"] = "random_deletion"

    def edits(self, tokens: TokenBatch, lexicon: Lexicon, draws: Draws) -> EditBatch:
        """Propose to delete each word that nothing protects."""
        columns, group_rows = room_for(tokens, draws, 2)
        count = propose_deletions(
            tokens.texts.data, tokens.columns, lexicon.tables, draws, articles(lexicon), columns, group_rows
        )
        return EditBatch.grouped(columns, count, group_rows)
