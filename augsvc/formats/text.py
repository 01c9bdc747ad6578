"""Plain text: a row a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from augsvc.batch import text_columns
from augsvc.errors import InvalidCorpus
from augsvc.formats.lines import Block, line_blocks
from augsvc.formats.reader import Reader, Rejects, TextColumns, check_names


class TextReader(Reader):
    """Lines that end in LF or CRLF, blank ones included, as one column of strings; a line of invalid UTF-8 is bad."""

    def __init__(self, stream: BinaryIO, text_column: TextColumns, rejects: Rejects) -> None:
        super().__init__(rejects)
        self._stream = stream
        self.text_columns = ("text",) if text_column is None else text_columns(text_column)
        if len(self.text_columns) > 1:
            raise InvalidCorpus("Plain text has a single column: name one with text_column, or send another format.")
        self.schema = pa.schema([(self.text_column, pa.string())])
        check_names(self.schema)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for block in line_blocks(self._stream):
            texts = pa.array(self._texts(block), pa.string())
            yield pa.RecordBatch.from_arrays([texts], schema=self.schema)
        self._rejects.finish()

    def _texts(self, block: Block) -> Iterator[str]:
        for number, line in enumerate(block.lines, block.first):
            try:
                yield line.removesuffix(b"\r").decode()
            except UnicodeDecodeError as error:
                self._rejects.add(number, f"invalid UTF-8 at byte {error.start + 1} of the line")
