"""CSV (RFC 4180): a record a row, its types inferred over the whole file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any, BinaryIO, Literal

import pyarrow as pa
import pyarrow.csv

from augsvc.batch import text_columns
from augsvc.errors import InvalidCorpus
from augsvc.formats.anonymous import Folder
from augsvc.formats.infer import Inference
from augsvc.formats.reader import Reader, Rejects, TextColumns, check_names, choose_text_columns
from augsvc.formats.records import Cutter, Records
from augsvc.formats.spool import Blocks


class CsvReader(Reader):
    """Records under a header, fields quoted or not, ended by LF or CRLF; quoted fields may hold both, and commas.

    A column whose fields, over the whole file, are whole numbers, numbers, or true and false, or empty ones among them
    (null, there), is int64, float64 or bool; every other column, and the texts always, are strings as they
    stand, empty ones included. Bad rows are records with more or fewer fields than the header, of invalid UTF-8 or
    malformed, a line at a time: so a quote that is never closed spoils its own line alone. Blank lines are no rows.
    """

    def __init__(self, stream: BinaryIO, text_column: TextColumns, rejects: Rejects, scratch: Folder) -> None:
        super().__init__(rejects)
        self._blocks = Blocks(scratch)
        blocks = iter(Cutter(stream, rejects))
        self._names, first = _header(blocks, rejects)
        check_names(pa.schema([(name, pa.string()) for name in self._names]))
        exempt = ("text",) if text_column is None else text_columns(text_column)
        self._inferred = {name: Inference(name in exempt) for name in self._names}
        for block in chain([first], blocks):
            if block.content:
                self._admit(block)
        rejects.finish()
        self.schema = pa.schema([(name, found.type) for name, found in self._inferred.items()])
        self.text_columns = choose_text_columns(self.schema, text_column)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for block in self._blocks:
            columns = [self._inferred[name].cast(block.column(name)) for name in self._names]
            yield pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _admit(self, records: Records) -> None:
        bad = records.undecodable()
        for line in bad:
            self._rejects.add(line, "invalid UTF-8")
        sound = records.without(bad) if bad else records
        ragged: dict[int, str] = {}

        def refuse(row: pyarrow.csv.InvalidRow) -> Literal["skip"]:
            # Counted from 1, blank lines aside; always known on one thread.
            number: Any = row.number
            ragged[number - 1] = f"there are {row.actual_columns} fields under a header of {row.expected_columns}"
            return "skip"

        table = _parsed(sound.content, self._names, refuse)
        for index, record in enumerate(islice(sound, max(ragged, default=-1) + 1)):
            if index in ragged:
                self._rejects.add(record.line, ragged[index])
        if table.num_rows:
            self._set_aside(table)

    def _set_aside(self, table: pa.Table) -> None:
        (batch,) = table.combine_chunks().to_batches()
        for name, found in self._inferred.items():
            found.see(batch.column(name))
        self._blocks.append(batch)


def _header(blocks: Iterator[Records], rejects: Rejects) -> tuple[list[str], Records]:
    """The columns' names, and what follows them in their block."""
    for block in blocks:
        for record in block:
            if not rejects.count:
                return _names(record.content), block.after(record)
    raise InvalidCorpus("The file has no header: name the columns in its first line.", faults=rejects.faults)


def _names(record: bytes) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(record.decode(), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidCorpus(f"The header cannot be read ({error}): write names of columns, in UTF-8.") from None


def _parsed(content: bytes, names: list[str], refuse: Callable[[pyarrow.csv.InvalidRow], Literal["skip"]]) -> pa.Table:
    return pyarrow.csv.read_csv(
        io.BytesIO(content),
        # One block and one thread, or rows would have no numbers.
        pyarrow.csv.ReadOptions(column_names=names, block_size=len(content) + 1, use_threads=False),
        pyarrow.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
        pyarrow.csv.ConvertOptions(check_utf8=False, column_types=dict.fromkeys(names, pa.string())),
    )
