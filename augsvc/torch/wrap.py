"""`augmented`: any map-style data set, augmented in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from augsvc.batch import check_key, encoded
from augsvc.errors import InvalidInput
from augsvc.inprocess import augment_arrow
from augsvc.pipeline import Pipeline, parse
from augsvc.torch.indexed import Indexed, Row

if TYPE_CHECKING:
    from augsvc.lexicon import Lexicon


class Rows(Protocol):
    """A map-style data set whose items are mappings, a Hugging Face `Dataset` among them."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Any: ...


def augmented(
    dataset: Rows,
    pipeline: str | Mapping[str, Any] | Pipeline = "regularize",
    *,
    text_column: str = "text",
    seed: int = 0,
    lexicon: Lexicon | None = None,
) -> AugmentedDataset:
    """Wrap a map-style data set: its rows, with the text column augmented in the process that reads them.

    ```python
    rows = augmented(datasets.load_dataset("imdb", split="train"), seed=1)
    for epoch in range(3):
        rows.set_epoch(epoch)
        for batch in DataLoader(rows, batch_size=32, shuffle=True):
            train(batch["text"], batch["label"])
    ```

    Row i of an epoch is what `augsvc.augment` gives for `ids=[i]`, whoever reads it and after any resume. Nothing is
    computed before it is asked for.

    Args:
        dataset: what has a length and gives a mapping for an index; its `__getitems__` is used where it has one.
        pipeline: a preset's name, a mapping of a pipeline's JSON, or a `Pipeline`.
        text_column: the key of the text in each row; a text of None stays None.
        seed: key of the augmentation, 0 to 2**63 - 1.
        lexicon: another lexicon than the English pack that ships.

    Raises InvalidPipeline, or InvalidInput for a seed out of range or what is no map-style data set; reading a row
    raises InvalidInput where it has no such column, InvalidText where the text is none.
    """
    if not (hasattr(dataset, "__len__") and hasattr(dataset, "__getitem__")):
        raise InvalidInput(
            f"{type(dataset).__name__} has no length and index: load it whole (streaming=False), or upload it to a "
            "server and read an AugmentedStream."
        )
    check_key(seed, 0)
    return AugmentedDataset(dataset, parse(pipeline), text_column, seed, lexicon)


class AugmentedDataset(Indexed):
    """What `augmented` returns."""

    def __init__(self, dataset: Rows, pipeline: Pipeline, text_column: str, seed: int, lexicon: Lexicon | None) -> None:
        super().__init__()
        self.dataset = dataset
        self._pipeline, self._text_column = pipeline, text_column
        self._seed, self._lexicon = seed, lexicon

    @property
    def column_names(self) -> list[str] | None:
        """The names that a Hugging Face `Dataset` tells of itself, which its trainers ask for; else None."""
        return getattr(self.dataset, "column_names", None)

    def __len__(self) -> int:
        """Rows of the data set that is wrapped."""
        return len(self.dataset)

    def _rows(self, epoch: int, indices: list[int]) -> list[Row]:
        rows = self._before(indices)
        texts = [self._text(row, index) for row, index in zip(rows, indices, strict=True)]
        done = augment_arrow(
            pa.array(texts, pa.large_string()),
            self._pipeline,
            seed=self._seed,
            epoch=epoch,
            ids=indices,
            lexicon=self._lexicon,
        )
        return [{**row, self._text_column: text} for row, text in zip(rows, done.to_pylist(), strict=True)]

    def _before(self, indices: list[int]) -> Sequence[Any]:
        whole = getattr(self.dataset, "__getitems__", None)
        found: Sequence[Any] = whole(indices) if whole else [self.dataset[index] for index in indices]
        return found

    def _text(self, row: Any, index: int) -> str | None:
        if not isinstance(row, Mapping) or self._text_column not in row:
            have = f"the columns {', '.join(map(str, row))}" if isinstance(row, Mapping) else f"a {type(row).__name__}"
            raise InvalidInput(f"Row {index} has no column {self._text_column!r} but {have}: pass text_column=.")
        text: str | None = row[self._text_column]
        if text is not None:
            encoded(text, index)  # raises InvalidText with the index, where Arrow's error names none
        return text
