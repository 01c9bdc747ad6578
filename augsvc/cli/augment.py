"""`augsvc augment`: a file in, the same rows out with their texts augmented."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

from augsvc.cli import options, output
from augsvc.cli.progress import progress
from augsvc.cli.rows import File, JsonLines, Lines, Numbered, PlainText, Row, Write
from augsvc.cli.source import position, source
from augsvc.errors import InvalidInput, InvalidText

if TYPE_CHECKING:
    from augsvc.lexicon import Lexicon
    from augsvc.pipeline import Augmented, Pipeline

CHUNK_ROWS = 4_096
"""How many output rows are held at a time."""

COMPRESSED = (".gz", ".zst")
FileFormat = Literal["jsonl", "text", "csv", "parquet", "arrow"]
MEDIA_TYPES: dict[FileFormat, str] = {
    "jsonl": "application/x-ndjson",
    "text": "text/plain",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
}
FORMATS: dict[str, FileFormat] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".txt": "text",
    ".text": "text",
    ".csv": "csv",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
}


def augment(
    origin: Annotated[str, options.origin("A .jsonl, .csv, .txt, .parquet or .arrow file, .gz and .zst too")],
    target: options.Target = output.STANDARD,
    pipeline: options.Pipeline = options.DEFAULT_PIPELINE,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            metavar="N",
            min=0,
            max=options.MAX_ROW,
            help="The same seed gives the same bytes; drawn, and told, when left out.",
        ),
    ] = None,
    epoch: options.Epoch = 0,
    copies: options.Copies = 1,
    overlay: options.Overlay = None,
    text_column: options.TextColumn = None,
    id_column: Annotated[
        str | None,
        typer.Option(metavar="NAME", show_default="the row's index", help="Integers or strings that key the rows."),
    ] = None,
    layout: Annotated[
        FileFormat | None,
        typer.Option(
            "--format",
            show_default="by extension, else jsonl",
            help="What INPUT holds, and OUTPUT where its extension tells no other.",
        ),
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Show the edits, old struck and new green; rows go to -o alone.")
    ] = False,
) -> None:
    """Augment a file: the same rows, each text varied, every other column as it was.

    OUTPUT may have another format than INPUT: its extension says so. Row i comes out exactly as the service gives it
    for the same seed, epoch and id i, and as a corpus's stream does.

    Examples:

    * augsvc augment reviews.jsonl -o varied.jsonl --seed 1 --copies 4

    * augsvc augment reviews.jsonl.gz --seed 1 --show

    * augsvc augment reviews.csv -o varied.parquet --seed 1 --text-column body --id-column id

    * augsvc augment pairs.jsonl --seed 1 --text-column premise --text-column hypothesis

    * cat notes.txt | augsvc augment - --format text -p '{"ops": [{"type": "synonym", "rate": 0.2}]}'

    * augsvc augment reviews.jsonl --seed 1 --overlay my-synonyms.tsv --show
    """
    if Path(target).suffix.lower() in COMPRESSED:
        raise typer.BadParameter(
            f"{target} would not be compressed: drop this ending, and compress the file afterwards"
        )
    holds = layout or _guessed(origin, target)
    opened = _opener(holds, _written(target, holds), target, _columns(text_column), id_column)
    parsed = options.parsed_pipeline(pipeline)
    lexicon = _lexicon(overlay)
    with (
        source(origin) as stream,
        _sink(target, show=show) as sink,
    ):
        file = opened(stream)
        shown = not _on_screen(target, show=show)
        with (
            file.writing(sink) if sink else nullcontext() as write,
            progress("augmenting", of_bytes=file.of_bytes, wanted=shown) as advance,
        ):
            engine = _engine(parsed, lexicon, seed, epoch, copies)
            for numbered in file.rows(max(1, CHUNK_ROWS // copies)):
                _pass_on(numbered, engine(numbered), copies, write, show=show)
                advance(*(position(stream) if file.of_bytes else (numbered[-1][0] + 1, None)))


def _guessed(source: str, target: str) -> FileFormat:
    suffixes = {name: _suffix(name) for name in (source, target) if name != output.STANDARD}
    for name, suffix in suffixes.items():
        if suffix in FORMATS:
            return FORMATS[suffix]
        if suffix and not Path(name).is_char_device():
            raise typer.BadParameter(f"what {name} holds is not clear: pass --format, one of {', '.join(MEDIA_TYPES)}")
    return "jsonl"


def _suffix(name: str) -> str:
    path = Path(name)
    return (Path(path.stem) if path.suffix.lower() in COMPRESSED else path).suffix.lower()


def _written(target: str, holds: FileFormat) -> FileFormat:
    """The format of the output."""
    return holds if target == output.STANDARD else FORMATS.get(_suffix(target), holds)


def _columns(named: list[str] | None) -> tuple[str, ...] | None:
    from augsvc.batch import text_columns

    return text_columns(named) if named else None


def _opener(
    holds: FileFormat, becomes: FileFormat, target: str, text_columns: Sequence[str] | None, id_column: str | None
) -> Callable[[BinaryIO], File]:
    if "text" in (holds, becomes) and (text_columns or id_column):
        raise typer.BadParameter(
            "plain text has no columns: drop --text-column and --id-column, or pass --format jsonl"
        )
    if holds == becomes == "text":
        return partial(Lines, layout=PlainText())
    if holds == becomes == "jsonl":
        return partial(Lines, layout=JsonLines(text_columns, id_column))
    if becomes == "text":
        raise typer.BadParameter(f"{target} would lose the columns: name an --output in another format than plain text")
    is_file = _suffix(target) in (".arrow", ".feather")
    media_type = "application/vnd.apache.arrow.file" if is_file else MEDIA_TYPES[becomes]
    return partial(_table, MEDIA_TYPES[holds], media_type, text_columns, id_column)


def _table(
    holds: str, becomes: str, text_columns: Sequence[str] | None, id_column: str | None, stream: BinaryIO
) -> File:
    from augsvc.cli.tables import Table

    return Table(stream, holds, becomes, text_columns, id_column)


def _lexicon(overlay: list[Path] | None) -> Lexicon:
    from augsvc.lexicon import Lexicon

    return Lexicon.open(overlay=overlay)


def _engine(
    pipeline: Pipeline, lexicon: Lexicon, seed: int | None, epoch: int, copies: int
) -> Callable[[Numbered], list[tuple[Augmented, ...]]]:
    from augsvc import inprocess

    key = _drawn() if seed is None else seed

    def run(rows: Numbered) -> list[tuple[Augmented, ...]]:
        columns = zip(*(row.texts for _, row in rows), strict=True)
        ids = [index if row.id is None else row.id for index, row in rows]
        try:
            fields = [
                inprocess.augment(
                    texts, pipeline, seed=key, epoch=epoch, ids=ids, copies=copies, field=field, lexicon=lexicon
                )
                for field, texts in enumerate(columns)
            ]
            return list(zip(*fields, strict=True))
        except InvalidText as error:
            raise InvalidInput(
                f"line {rows[error.index][1].line} is not valid Unicode: remove its lone surrogates"
            ) from None

    return run


def _drawn() -> int:
    seed = secrets.randbelow(2**53)
    print(f"augsvc: seed {seed} was drawn: repeat this run with --seed {seed}", file=sys.stderr)
    return seed


def _sink(target: str, *, show: bool) -> AbstractContextManager[BinaryIO | None]:
    if show and target == output.STANDARD:
        return nullcontext()
    return output.opened_beside(target)


def _on_screen(target: str, *, show: bool) -> bool:
    """Whether rows or edits scroll past on a terminal, where a bar would stand among them."""
    return (show or target == output.STANDARD) and output.standard("output").isatty()


def _pass_on(
    rows: Numbered, results: list[tuple[Augmented, ...]], copies: int, write: Write | None, *, show: bool
) -> None:
    repeated = [row for _, row in rows for _ in range(copies)]
    if show:
        _show(repeated, results)
    if write:
        write(repeated, [tuple(one.text for one in result) for result in results])


def _show(rows: list[Row], results: list[tuple[Augmented, ...]]) -> None:
    from augsvc.cli.show import console, shown

    screen = console()
    for row, result in zip(rows, results, strict=True):
        for text, one in zip(row.texts, result, strict=True):
            screen.print(shown(text, one.edits, colour=screen.color_system is not None))
