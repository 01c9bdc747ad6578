"""The engine in process: the calls that supply the default lexicon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from augsvc.batch import Keys, TextBatch, text_columns
from augsvc.errors import InvalidInput
from augsvc.lexicon import Lexicon
from augsvc.pipeline import Augmented, Pipeline, parse, results
from augsvc.pipeline import augment as augment_batch
from augsvc.pipeline.gazetteer import mentions_in_tokens
from augsvc.pipeline.results import Id, Span, rows_of
from augsvc.pipeline.tokens import AugmentedTokens, Tag, augment_rows

PipelineLike = str | Mapping[str, Any] | Pipeline
T = TypeVar("T")

TEXTS = (str, bytes)
"""A tuple, as a union would be made anew at every call."""


@cache
def default_lexicon() -> Lexicon:
    """Return the English lexicon that ships with the package, opened once."""
    return Lexicon.open()


def augment(
    texts: Iterable[str],
    pipeline: PipelineLike = "regularize",
    *,
    seed: int,
    epoch: int = 0,
    ids: Sequence[Id] | None = None,
    copies: int = 1,
    spans: Sequence[Sequence[Span]] | None = None,
    field: int = 0,
    lexicon: Lexicon | None = None,
) -> list[Augmented]:
    """Augment texts: a pure function of (text, pipeline, seed, epoch, id, copy, field).

    Args:
        texts: the texts.
        pipeline: a preset's name, a Pipeline, or a mapping of its JSON.
        seed: 0 to 2**63 - 1.
        epoch: 0 to 2**32 - 1; another epoch gives other output.
        ids: each text's row in the key, integers or strings; by default its position, so that a batch cut in two gives
            other output unless ids are passed.
        copies: how many variants of each text.
        spans: for each text, [start, end] or [start, end, label] in code points: kept, followed or dropped as the
            pipeline's `protect.spans` says.
        field: which of its row's texts each text is, from 0, where rows have several, as pairs of sentences do.
        lexicon: another than the English pack that ships.

    Returns:
        One Augmented for each text and copy, in the order of the texts, then of the copies.

    Raises:
        InvalidText: a text that is not valid Unicode; `index` says which.
        InvalidPipeline: no such preset, or a pipeline with faults.
        InvalidInput: another argument out of range.
    """
    return results(
        _listed(texts, "texts"),
        parse(pipeline),
        _lexicon(lexicon),
        seed=seed,
        epoch=epoch,
        ids=None if ids is None else _listed(ids, "ids"),
        copies=copies,
        spans=None if spans is None else _listed(spans, "spans"),
        field=field,
    )


def augment_tokens(
    tokens: Iterable[Sequence[str]],
    pipeline: PipelineLike = "regularize",
    *,
    seed: int,
    tags: Iterable[Sequence[Tag]] | None = None,
    names: Sequence[str] | None = None,
    epoch: int = 0,
    ids: Sequence[Id] | None = None,
    copies: int = 1,
    lexicon: Lexicon | None = None,
) -> list[AugmentedTokens]:
    """Augment texts that come as tokens, with BIO tags of their entities, as data sets for named entities have them.

    The tokens are joined as people write (a space between them, none before closing marks and clitics, none after
    opening brackets) and augmented as that text; entities are spans, kept, followed or dropped as the pipeline's
    `protect.spans` says, the tokens of one that is dropped tagged O. A token that no edit touches comes back as it was;
    what an edit writes becomes a token for each word.

    Args:
        tokens: the tokens of each row.
        pipeline: a preset's name, a Pipeline, or a mapping of its JSON.
        seed: 0 to 2**63 - 1.
        tags: for each row a tag for each token: O, B-X and I-X, or their numbers in `names`.
        names: what tags that are numbers stand for, as `ClassLabel.names` of Hugging Face's data sets.
        epoch: 0 to 2**32 - 1.
        ids: each row's row in the key; by default its position.
        copies: how many variants of each row.
        lexicon: another than the English pack that ships.

    Returns:
        One AugmentedTokens for each row and copy, in the order of the rows, then of the copies.

    Raises:
        InvalidText: a token that is no valid Unicode; `index` says of which row.
        InvalidPipeline: no such preset, or a pipeline with faults.
        InvalidInput: another argument out of range, or tags that are none.
    """
    rows = [_listed(row, "each row of tokens") for row in _listed(tokens, "tokens")]
    tagged = None if tags is None else [_listed(row, "each row of tags") for row in _listed(tags, "tags")]
    return [
        *augment_rows(
            rows,
            parse(pipeline),
            _lexicon(lexicon),
            seed=seed,
            tags=tagged,
            names=names,
            epoch=epoch,
            ids=None if ids is None else _listed(ids, "ids"),
            copies=copies,
        )
    ]


def mentions_of_tokens(
    tokens: Iterable[Sequence[str]],
    tags: Iterable[Sequence[Tag]],
    names: Sequence[str] | None = None,
    *,
    lexicon: Lexicon | None = None,
) -> dict[str, list[str]]:
    """Return the mentions of each label in rows of tokens, sorted, for the `mentions` of `mention_replacement`.

    Arguments are those of `augment_tokens`. Raises InvalidInput for tags that are none.
    """
    return mentions_in_tokens(tokens, tags, _lexicon(lexicon), names)


def augment_arrow(
    array: pa.Array[Any] | pa.ChunkedArray[Any],
    pipeline: PipelineLike = "regularize",
    *,
    seed: int,
    epoch: int = 0,
    ids: Sequence[Id] | None = None,
    copies: int = 1,
    field: int = 0,
    lexicon: Lexicon | None = None,
) -> pa.Array[Any]:
    """Augment an Arrow column of strings, of any of their types: len(array) * copies rows of its type, copies together.

    Null stays null. Arguments and errors are those of `augment`; output past 2 GiB of a `string` raises InvalidInput.
    """
    if not isinstance(array, pa.Array | pa.ChunkedArray):
        raise InvalidInput(f"array is an Arrow array, not {type(array).__name__}: pass lists to augment")
    batch = TextBatch.from_arrow(array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array)
    rows = np.arange(len(batch)) if ids is None else np.array(rows_of(_listed(ids, "ids")), np.int64)
    if len(rows) != len(batch):
        raise InvalidInput(f"there are {len(batch)} texts but {len(rows)} ids")
    keys = Keys.of_copies(seed, epoch, rows, copies, field)
    parsed = parse(pipeline)
    parsed.check_without_spans()
    return augment_batch(batch, parsed.at(epoch), _lexicon(lexicon), keys).to_arrow(array.type)


def augment_table(
    table: pa.Table,
    pipeline: PipelineLike = "regularize",
    *,
    text_column: str | Sequence[str] = "text",
    seed: int,
    epoch: int = 0,
    ids: Sequence[Id] | None = None,
    copies: int = 1,
    lexicon: Lexicon | None = None,
) -> pa.Table:
    """Augment a column of a table, or several; the others are carried along, repeated for each copy.

    Each of several columns is a field of its own in the key, numbered in the order of `text_column`, so that the texts
    of a row, as pairs of sentences, vary independently. Raises InvalidInput where the table has no such column, and the
    errors of `augment`.
    """
    if not isinstance(table, pa.Table):
        raise InvalidInput(f"table is an Arrow table, not {type(table).__name__}")
    places = [_place(table, name) for name in text_columns(text_column)]
    options: dict[str, Any] = {"seed": seed, "epoch": epoch, "ids": ids, "copies": copies, "lexicon": lexicon}
    texts = [augment_arrow(table.column(at), pipeline, field=field, **options) for field, at in enumerate(places)]
    repeated = table if copies == 1 else table.take(np.repeat(np.arange(len(table)), copies))
    for place, column in zip(places, texts, strict=True):
        repeated = repeated.set_column(place, table.schema.field(place), column)
    return repeated


def _place(table: pa.Table, name: str) -> int:
    if table.column_names.count(name) != 1:
        names = ", ".join(table.column_names)
        raise InvalidInput(f"text_column must name one column, {name!r} does not: there are {names}")
    return table.schema.get_field_index(name)


def _lexicon(lexicon: Lexicon | None) -> Lexicon:
    if lexicon is None:
        return default_lexicon()
    if not isinstance(lexicon, Lexicon):
        raise InvalidInput(f"lexicon is a Lexicon, not {type(lexicon).__name__}: open one with Lexicon.open(path)")
    return lexicon


def _listed(values: Iterable[T], name: str) -> list[T]:
    """Return what an argument holds as Python's own objects, from a NumPy array too."""
    if isinstance(values, TEXTS):
        raise InvalidInput(f"{name} is a list: put a single one in a list")
    try:
        return [value.item() if isinstance(value, np.generic) else value for value in values]
    except TypeError:
        raise InvalidInput(f"{name} is a list, not {type(values).__name__}") from None
