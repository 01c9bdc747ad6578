"""`AugmentedMap`: a view's rows by position, for samplers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from augsvc.client.arguments import view_fields
from augsvc.errors import TooLarge
from augsvc.torch.indexed import Indexed, Row
from augsvc.torch.supply import Opened, supply
from augsvc.views import MAX_PAGE_ROWS, Source

if TYPE_CHECKING:
    from augsvc.lexicon import Lexicon
    from augsvc.pipeline import Pipeline
    from augsvc.types import Int64s


class AugmentedMap(Indexed):
    """A corpus, augmented, as a map-style data set: any row by its index, for samplers of every kind.

    ```python
    rows = AugmentedMap("http://127.0.0.1:8000", "reviews", seed=1)
    for epoch in range(3):
        rows.set_epoch(epoch)
        for batch in DataLoader(rows, batch_size=32, shuffle=True):
            train(batch["text"], batch["label"])
    ```

    A row is a `dict` of Python values: `_position` (the index), `_row`, `_copy` and the corpus's columns. Each batch is
    a request of its own: where the order is free, `AugmentedStream`, which reads pages ahead, is faster.

    Args:
        source: a server's address, a list of those of replicas, or with `local` the service's data directory.
        corpus: a corpus's name or digest; a name is resolved once, here.
        pipeline: a preset's name, a mapping of a pipeline's JSON, or a `Pipeline`.
        seed: key of the augmentation, and of a shuffle.
        copies: augmented variants of each row: row r has the indices r * copies ... (r + 1) * copies - 1.
        include_original: the text before augmentation as `rows` of their own, the first variant, or as the `column`
            _original.
        shuffle: the view's order; `none` by default, unlike a stream's, for the order is the sampler's and weights and
            subsets mean rows of the corpus. With `global` an index is a position of the epoch, as in a stream.
        local: whether `source` is a data directory.
        lexicon: with `local` another lexicon than the English pack that ships.

    Raises InvalidInput for arguments out of range, UnknownCorpus, InvalidPipeline, Unavailable where no server answers.
    """

    def __init__(
        self,
        source: str | Sequence[str] | os.PathLike[str],
        corpus: str,
        pipeline: str | Mapping[str, Any] | Pipeline = "regularize",
        *,
        seed: int = 0,
        copies: int = 1,
        include_original: Literal[False, "rows", "column"] = False,
        shuffle: Literal["global", "block", "none"] = "none",
        local: bool = False,
        lexicon: Lexicon | None = None,
    ) -> None:
        super().__init__()
        fields = view_fields(corpus, pipeline, seed, copies, include_original, shuffle)
        self._source = Opened(supply(source, fields, local, lexicon))

    @property
    def view_id(self) -> str:
        """The view that is read: equal ids, equal rows."""
        return self._source.supply.view_id

    def __len__(self) -> int:
        """Positions of an epoch."""
        return self._source.supply.rows

    def _rows(self, epoch: int, indices: list[int]) -> list[Row]:
        tables = picked(self._source.here(), epoch, np.array(indices, np.int64))
        return [row for table in tables for row in table.to_pylist()]


def picked(source: Source, epoch: int, positions: Int64s) -> list[pa.Table]:
    """These positions, in as many answers as their number and texts need; raises as `Source.pick` does."""
    most, tables = MAX_PAGE_ROWS, []
    while len(positions):
        try:
            tables.append(source.pick(epoch, positions[:most]).table)
        except TooLarge as error:
            most = error.fewer(min(most, len(positions)))
            continue
        positions = positions[most:]
    return tables
