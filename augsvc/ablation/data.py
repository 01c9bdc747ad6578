"""Labelled texts: read from files, and samples of them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import torch

from augsvc.errors import InvalidCorpus, InvalidInput
from augsvc.formats import Decoded, coding_of, media_type_of, read_batches
from augsvc.formats.reader import is_text

if TYPE_CHECKING:
    import pyarrow as pa

TABBED = (".tsv", ".txt", ".tab")
LABEL, TEXT = "label", "text"


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts, and the label of each."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def classes(self) -> tuple[str, ...]:
        """The labels that occur, sorted."""
        return tuple(sorted(set(self.labels)))

    def rows(self, indices: Iterable[int]) -> Labelled:
        """Those on some rows, in the order asked for."""
        chosen = list(indices)
        return Labelled(tuple(self.texts[i] for i in chosen), tuple(self.labels[i] for i in chosen))


def read(path: Path, text_column: str | None = None, label_column: str | None = None) -> Labelled:
    """Read labelled texts from a file or a folder.

    `.tsv` and `.txt` hold a line `label<TAB>text` for each, under a header with a column `label`, in any case, or under
    none; CSV, JSONL, Parquet and Arrow have columns (`text`, else the only one of strings, and `label`), compressed or
    not; a folder is what `Dataset.save_to_disk` of Hugging Face writes.
    Raises InvalidCorpus for what cannot be read so, InvalidInput for columns that are not there.
    """
    label = label_column or LABEL
    if path.is_dir():
        return _from_table(_saved(path), text_column, label)
    if (Path(path.stem) if coding_of(path) else path).suffix.lower() not in TABBED:
        return _from_columns(path, text_column, label)
    with _opened(path) as stream:
        return _from_lines(stream.read(), path, text_column or TEXT, label)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        codec = coding_of(path)
        yield file if codec is None else cast("BinaryIO", Decoded(file, codec))


def draw(size: int, wanted: int, seed: int) -> list[int]:
    """Return `wanted` of the indices below `size` in a random order, none twice; the same for the same arguments."""
    order: list[int] = torch.randperm(size, generator=torch.Generator().manual_seed(seed)).tolist()
    return order[:wanted]


def check(train: Labelled, test: Labelled, wanted: int) -> None:
    """Raise InvalidInput where no experiment can be made of these."""
    if len(train.classes()) < 2:
        raise InvalidInput(f"TRAIN has {len(train.classes())} label in {len(train)} rows: two are needed at least")
    if not len(test):
        raise InvalidInput("TEST has no rows")
    if unknown := sorted(set(test.labels) - set(train.labels)):
        raise InvalidInput(f"TEST has labels that TRAIN has not: {', '.join(map(repr, unknown[:5]))}")
    if wanted > len(train):
        raise InvalidInput(f"--n asks for {wanted} rows, but TRAIN has {len(train)}: ask for {len(train)} at most")


def _from_lines(content: bytes, path: Path, text_column: str, label_column: str) -> Labelled:
    lines = io.StringIO(_decoded(content, path)).read().split("\n")
    header = _header(lines, text_column, label_column, path)
    places, first, columns = ((0, 1), 0, 2) if header is None else (header, 1, lines[0].count("\t") + 1)
    return _joined(
        _fields(line.rstrip("\r").split("\t", columns - 1), places, number, path)
        for number, line in enumerate(lines[first:], first + 1)
        if line.strip()
    )


def _header(lines: Sequence[str], text: str, label: str, path: Path) -> tuple[int, int] | None:
    """Return where the first line, if it is a header, has the label and the text: as they are named, or in any case."""
    names = [name.strip() for name in lines[0].split("\t")]
    if label in names and text != label:
        return _places(names, text, label, path)
    # what is a label further down is one here
    is_row = names[0] in {line.partition("\t")[0].strip() for line in lines[1:]}
    names, text, label = [name.lower() for name in names], text.lower(), label.lower()
    if label in names and text != label and not is_row:
        return _places(names, text, label, path)
    if label != LABEL or (text in names and not is_row):
        raise InvalidInput(f"{path.name} has columns {', '.join(names)}, and none {label!r}: pass --label-column")
    return None


def _places(names: Sequence[str], text: str, label: str, path: Path) -> tuple[int, int]:
    rest = [name for name in names if name != label]
    text = text if text in names or len(rest) != 1 else rest[0]
    if text not in names:
        raise InvalidInput(f"{path.name} has no column {text!r} but {', '.join(names)}: pass --text-column")
    return names.index(label), names.index(text)


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidCorpus(f"{path.name} is not UTF-8 (at byte {error.start}): convert it.") from None


def _fields(fields: Sequence[str], places: tuple[int, int], number: int, path: Path) -> tuple[str, str]:
    if len(fields) <= max(places):
        raise InvalidCorpus(f"Line {number} of {path.name} has no tab: write label<TAB>text.")
    label, text = (fields[place] for place in places)
    return label.strip(), text


def _joined(pairs: Iterable[tuple[str, str]]) -> Labelled:
    rows = list(pairs)
    return Labelled(tuple(text for _, text in rows), tuple(label for label, _ in rows))


def _from_file(path: Path, text_column: str | None) -> pa.Table:
    import pyarrow as pa

    with _opened(path) as stream:
        reader = read_batches(stream, media_type_of(path), text_column=text_column)
        return pa.Table.from_batches(list(reader), reader.schema)


def _from_columns(path: Path, text_column: str | None, label_column: str) -> Labelled:
    try:
        table = _from_file(path, text_column)
    except InvalidCorpus as error:
        others = [name for name in error.extra.get("candidates", ()) if name != label_column]
        if text_column is not None or len(others) != 1:
            raise
        table = _from_file(path, others[0])
    return _from_table(table, text_column, label_column)


def _from_table(table: pa.Table, text_column: str | None, label_column: str) -> Labelled:
    text = text_column or _text_of(table.schema, label_column)
    for name, option in ((label_column, "--label-column"), (text, "--text-column")):
        if name not in table.column_names:
            raise InvalidInput(f"there is no column {name!r} but {', '.join(table.column_names)}: pass {option}")
    texts: list[Any] = table.column(text).to_pylist()
    labels: list[Any] = table.column(label_column).to_pylist()
    if None in texts or None in labels:
        raise InvalidCorpus("A row has no text or no label: fill it, or leave the row out.")
    return Labelled(tuple(texts), tuple(map(str, labels)))


def _text_of(schema: pa.Schema, label_column: str) -> str:
    strings = [field.name for field in schema if is_text(field.type) and field.name != label_column]
    return strings[0] if len(strings) == 1 and TEXT not in strings else TEXT


def _saved(folder: Path) -> pa.Table:
    try:
        datasets: Any = import_module("datasets")
    except ModuleNotFoundError:
        raise InvalidInput("reading a folder needs Hugging Face datasets: pip install datasets") from None
    try:
        found: Any = datasets.load_from_disk(str(folder))
    except FileNotFoundError:
        raise InvalidInput(
            f"{folder} is no folder that Dataset.save_to_disk wrote: name a file, or such a folder"
        ) from None
    if isinstance(found, datasets.DatasetDict):
        raise InvalidInput(f"{folder} holds several splits: name one of its folders, {', '.join(found)}")
    table: pa.Table = found.with_format("arrow")[:]
    return table
