"""`augsvc corpora`: the corpora of a running service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from augsvc.cli import options, output

app = typer.Typer(help="List, upload, describe and delete the corpora of a running service.", no_args_is_help=False)

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="The corpus's name; letters, digits, dots, dashes, underscores.")
]


@app.command("list")
def list_corpora(
    url: options.Url = options.DEFAULT_URL,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line instead of a table.")] = False,
) -> None:
    """List the corpora that have a name.

    Example:

    * augsvc corpora list --url http://127.0.0.1:8000
    """
    from augsvc.client import Client

    with Client(url) as client:
        corpora = client.corpora()
    if as_json:
        for corpus in corpora:
            _print(corpus)
    else:
        _table(corpora)


@app.command()
def put(
    name: Name,
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A .jsonl, .csv, .txt, .parquet or .arrow file, with .gz or .zst after that if compressed; "
            "- reads standard input.",
        ),
    ],
    media_type: Annotated[
        str | None,
        typer.Option(
            metavar="TYPE", show_default="by FILE's extension", help="For instance application/x-ndjson or text/csv."
        ),
    ] = None,
    text_column: options.TextColumn = None,
    on_bad: Annotated[
        Literal["fail", "skip"], typer.Option(help="Refuse a file with bad rows, or leave these rows out.")
    ] = "fail",
    url: options.Url = options.DEFAULT_URL,
) -> None:
    """Upload a file and print what became of it; the same file again changes nothing.

    Examples:

    * augsvc corpora put messages messages.jsonl

    * augsvc corpora put reviews reviews.csv.gz --text-column body --on-bad skip

    * zcat notes.txt.gz | augsvc corpora put notes - --media-type text/plain
    """
    from augsvc.client import Client

    if source == output.STANDARD and media_type is None:
        raise typer.BadParameter("standard input has no extension: pass --media-type")
    if source != output.STANDARD and not Path(source).is_file():
        raise typer.BadParameter(f"{source} is no file: name one, or - for standard input")
    data = output.standard("input") if source == output.STANDARD else Path(source)
    with Client(url) as client:
        _print(client.put_corpus(name, data, media_type=media_type, text_column=text_column, on_bad=on_bad))


@app.command()
def show(name: Name, url: options.Url = options.DEFAULT_URL) -> None:
    """Print a corpus's digest, rows and columns.

    Example:

    * augsvc corpora show messages
    """
    from augsvc.client import Client

    with Client(url) as client:
        _print(client.corpus(name))


@app.command()
def delete(name: Name, url: options.Url = options.DEFAULT_URL) -> None:
    """Remove a corpus's name; views made of it go on.

    Example:

    * augsvc corpora delete messages
    """
    from augsvc.client import Client

    with Client(url) as client:
        client.delete_corpus(name)


def _print(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False))


def _table(corpora: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from augsvc.batch import text_columns
    from augsvc.cli.show import console

    table = Table("name", "rows", "text column", "digest", box=None, pad_edge=False)
    for corpus in corpora:
        table.add_row(
            corpus["name"], f"{corpus['rows']:,}", ", ".join(text_columns(corpus["text_column"])), corpus["digest"][:12]
        )
    console().print(table)
