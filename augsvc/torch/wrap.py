"""`augmented`: any map-style data set, augmented in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

import pyarrow as pa

from augsvc.batch import check_key, encoded, text_columns
from augsvc.errors import InvalidInput
from augsvc.inprocess import augment_arrow, augment_tokens
from augsvc.pipeline import Pipeline, parse
from augsvc.torch.indexed import Indexed, Row

if TYPE_CHECKING:
    from augsvc.lexicon import Lexicon


ORIGINAL = "_original"
"""The column of texts before augmentation, as streams name it."""


class Rows(Protocol):
    """A map-style data set whose items are mappings, a Hugging Face `Dataset` among them."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Any: ...


def augmented(
    dataset: Rows,
    pipeline: str | Mapping[str, Any] | Pipeline = "regularize",
    *,
    text_column: str | Sequence[str] = "text",
    tokens_column: str | None = None,
    tags_column: str | None = "ner_tags",
    seed: int = 0,
    include_original: Literal[False, "column"] = False,
    lexicon: Lexicon | None = None,
) -> AugmentedDataset:
    """Wrap a map-style data set: its rows, with their text augmented in the process that reads them.

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
        text_column: the key of the text in each row, or a list of several (pairs of sentences), each a field of its
            own; a text of None stays None.
        tokens_column: the key of a list of tokens, to be augmented in the place of texts, as `augment_tokens` does.
        tags_column: the key of the tokens' BIO tags, strings, or numbers whose names the features of a Hugging Face
            `Dataset` tell; None where there are none. No other column may have a value for each token.
        seed: key of the augmentation, 0 to 2**63 - 1.
        include_original: "column" adds the text before augmentation to each row as `_original`, for losses on pairs;
            of a single text column.
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
    columns = text_columns(text_column)
    if include_original:
        _check_original(include_original, tokens_column is None and len(columns) == 1)
    if tokens_column is not None:
        return _AugmentedTokens(dataset, parse(pipeline), seed, lexicon, tokens_column, tags_column)
    return _AugmentedTexts(dataset, parse(pipeline), seed, lexicon, columns, paired=bool(include_original))


def _check_original(form: object, is_one_text: bool) -> None:
    if form != "column":
        raise InvalidInput(
            f"include_original is False or 'column' here, not {form!r}: a data set with indices keeps its length."
        )
    if not is_one_text:
        raise InvalidInput("The column _original holds one text: pass a single text_column, and no tokens_column.")


class AugmentedDataset(Indexed):
    """What `augmented` returns."""

    def __init__(self, dataset: Rows, pipeline: Pipeline, seed: int, lexicon: Lexicon | None) -> None:
        super().__init__()
        self.dataset = dataset
        self._pipeline, self._seed, self._lexicon = pipeline, seed, lexicon

    @property
    def column_names(self) -> list[str] | None:
        """The names that a Hugging Face `Dataset` tells of itself, which its trainers ask for; else None."""
        return getattr(self.dataset, "column_names", None)

    def __len__(self) -> int:
        """Rows of the data set that is wrapped."""
        return len(self.dataset)

    def _before(self, indices: list[int]) -> Sequence[Any]:
        whole = getattr(self.dataset, "__getitems__", None)
        found: Sequence[Any] = whole(indices) if whole else [self.dataset[index] for index in indices]
        return found

    def _value(self, row: Any, index: int, column: str) -> Any:
        if not isinstance(row, Mapping) or column not in row:
            have = f"the columns {', '.join(map(str, row))}" if isinstance(row, Mapping) else f"a {type(row).__name__}"
            raise InvalidInput(f"Row {index} has no column {column!r} but {have}: pass text_column= or tokens_column=.")
        return row[column]


class _AugmentedTexts(AugmentedDataset):
    def __init__(
        self,
        dataset: Rows,
        pipeline: Pipeline,
        seed: int,
        lexicon: Lexicon | None,
        columns: Sequence[str],
        *,
        paired: bool,
    ) -> None:
        super().__init__(dataset, pipeline, seed, lexicon)
        self._columns, self._paired = columns, paired

    @property
    def column_names(self) -> list[str] | None:
        names = super().column_names
        return [*names, ORIGINAL] if names and self._paired else names

    def _rows(self, epoch: int, indices: list[int]) -> list[Row]:
        rows = self._before(indices)
        done = [self._augmented(rows, epoch, indices, field) for field in range(len(self._columns))]
        return [
            {**self._with_original(row), **dict(zip(self._columns, texts, strict=True))}
            for row, *texts in zip(rows, *done, strict=True)
        ]

    def _with_original(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self._paired:
            return row
        if ORIGINAL in row:
            raise InvalidInput(f"The data set has a column {ORIGINAL!r} of its own: rename it.")
        return {**row, ORIGINAL: row[self._columns[0]]}

    def _augmented(self, rows: Sequence[Any], epoch: int, indices: list[int], field: int) -> list[str | None]:
        texts = [self._text(row, index, self._columns[field]) for row, index in zip(rows, indices, strict=True)]
        done: list[str | None] = augment_arrow(
            pa.array(texts, pa.large_string()),
            self._pipeline,
            seed=self._seed,
            epoch=epoch,
            ids=indices,
            field=field,
            lexicon=self._lexicon,
        ).to_pylist()
        return done

    def _text(self, row: Any, index: int, column: str) -> str | None:
        text: str | None = self._value(row, index, column)
        if text is not None:
            encoded(text, index)  # raises InvalidText with the index, where Arrow's error names none
        return text


class _AugmentedTokens(AugmentedDataset):
    def __init__(
        self,
        dataset: Rows,
        pipeline: Pipeline,
        seed: int,
        lexicon: Lexicon | None,
        tokens_column: str,
        tags_column: str | None,
    ) -> None:
        super().__init__(dataset, pipeline, seed, lexicon)
        self._tokens, self._tags = tokens_column, tags_column
        self._names = None if tags_column is None else _names(dataset, tags_column)
        if len(dataset):
            self._refuse_others(dataset[0])

    def _refuse_others(self, row: Any) -> None:
        """Raise InvalidInput for another column with a value for each token: it would no longer fit."""
        size = len(self._value(row, 0, self._tokens))
        for column, value in row.items():
            other = (
                column not in (self._tokens, self._tags) and isinstance(value, Sequence) and not isinstance(value, str)
            )
            if other and size > 1 and len(value) == size:
                raise InvalidInput(
                    f"The column {column!r} has a value for each token, which edits would put out of step: remove it, "
                    "or carry it along by the sources that augsvc.augment_tokens tells."
                )

    def _rows(self, epoch: int, indices: list[int]) -> list[Row]:
        rows = list(zip(self._before(indices), indices, strict=True))
        tags = None if self._tags is None else [self._value(*row, self._tags) for row in rows]
        results = augment_tokens(
            [self._value(*row, self._tokens) for row in rows],
            self._pipeline,
            seed=self._seed,
            tags=tags,
            names=self._names,
            epoch=epoch,
            ids=indices,
            lexicon=self._lexicon,
        )
        return [
            {**row, self._tokens: one.tokens, **({} if self._tags is None else {self._tags: one.tags})}
            for (row, _), one in zip(rows, results, strict=True)
        ]


def _names(dataset: Rows, column: str) -> list[str] | None:
    """Return the names of tags that are numbers, where a data set's features tell them."""
    feature = (getattr(dataset, "features", None) or {}).get(column)
    names: list[str] | None = getattr(getattr(feature, "feature", None), "names", None)
    return names
