"""What every reader of a file format gives, and what it does with the rows that are none."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

import pyarrow as pa

from augsvc.batch import text_columns
from augsvc.errors import Fault, InvalidCorpus

OnBad: TypeAlias = Literal["fail", "skip"]
TextColumns: TypeAlias = str | Sequence[str] | None
"""Which columns hold texts: one name, or several in their order, or None for the one that is found."""

RESERVED = frozenset({"_position", "_row", "_copy", "_original", "_end", "_error"})
"""Names of columns that the answers add; a file may not bring its own."""

MAX_FAULTS = 10
"""How many bad rows are told one by one."""


class Rejects:
    """Counts bad rows and keeps the first faults; with `fail` they end in InvalidCorpus.

    `unit` is what places a row: a line, counted from 1, or in files without lines a row, counted from 0.
    """

    def __init__(self, on_bad: OnBad, unit: Literal["line", "row"] = "line") -> None:
        self._fail = on_bad == "fail"
        self._unit = unit
        self.count = 0
        self._first: list[tuple[int, str]] = []

    def add(self, place: int, reason: str) -> None:
        """Note the row at a place as bad; raises InvalidCorpus once there is enough to tell."""
        self.count += 1
        if len(self._first) < MAX_FAULTS:
            self._first.append((place, reason))
        elif self._fail:
            self.finish()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The bad rows noted first, at most `MAX_FAULTS`, sorted by place."""
        return tuple(Fault(f"{self._unit} {place}", reason) for place, reason in sorted(self._first))

    def finish(self) -> None:
        """Raise InvalidCorpus if bad rows must fail and there are some."""
        if self._fail and self.count:
            faults = self.faults
            raise InvalidCorpus(
                f"Bad rows, the first on {faults[0].pointer}: {faults[0].detail}; "
                "mend the file, or leave such rows out with on_bad=skip.",
                faults=faults,
            )


class Reader(ABC):
    """One pass over a file's rows as record batches of one schema, some megabytes at a time.

    `schema` and `text_columns` are known before the first batch; `skipped` (how many bad rows were left out) and
    `faults` (the first of them) once the last is read. Iteration raises InvalidCorpus as `read_batches` does.
    """

    schema: pa.Schema
    text_columns: tuple[str, ...]

    def __init__(self, rejects: Rejects) -> None:
        self._rejects = rejects

    @property
    def text_column(self) -> str:
        """The first column of texts."""
        return self.text_columns[0]

    @property
    def skipped(self) -> int:
        """How many bad rows were left out so far."""
        return self._rejects.count

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The first bad rows that were left out, by place."""
        return self._rejects.faults

    @abstractmethod
    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The batches, once."""


def check_names(schema: pa.Schema) -> None:
    """Raise InvalidCorpus for names that are taken by the columns that answers add, or that several columns have."""
    if repeated := sorted(name for name, times in Counter(schema.names).items() if times > 1):
        raise InvalidCorpus(
            f"Several columns have the name {', '.join(map(repr, repeated))}: rename all but one.",
            faults=[Fault(f"/{name}", "this name appears more than once") for name in repeated],
        )
    if taken := sorted(RESERVED.intersection(schema.names)):
        raise InvalidCorpus(
            f"A corpus may have no column named {', '.join(taken)}, for answers add their own: rename it.",
            faults=[Fault(f"/{name}", "this name is reserved") for name in taken],
        )


def is_text(kind: pa.DataType) -> bool:
    """Whether values of a type are texts."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def choose_text_columns(schema: pa.Schema, asked: TextColumns) -> tuple[str, ...]:
    """The columns of texts: those asked for, else the one that is found; raises as `_choose` and `text_columns` do."""
    if asked is None:
        return (_choose(schema, None),)
    return tuple(_choose(schema, name) for name in text_columns(asked))


def _choose(schema: pa.Schema, asked: str | None) -> str:
    """The column of texts: the one asked for, else `text`, else the only one of strings; raises InvalidCorpus."""
    strings = [field.name for field in schema if is_text(field.type)]
    if asked is None and "text" not in schema.names and len(strings) == 1:
        return strings[0]
    name = asked if asked is not None else "text"
    if name in strings:
        return name
    columns = f"the columns of strings are {', '.join(strings)}" if strings else "no column holds strings"
    wanted = "No column is named text" if asked is None else f"No column of texts is named {asked}"
    if name in schema.names:
        wanted = f"The column {name} is no column of texts but of {schema.field(name).type}"
    raise InvalidCorpus(
        f"{wanted}: {columns}; name one with text_column.", faults=[Fault("text_column", columns)], candidates=strings
    )
