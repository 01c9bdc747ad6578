"""The commands of `augsvc`, on one screen."""

from __future__ import annotations

from importlib.metadata import version as installed
from typing import Annotated

import typer

from augsvc.cli import corpora, lexicon
from augsvc.cli.ablate import ablate
from augsvc.cli.augment import augment
from augsvc.cli.catalogue import ops
from augsvc.cli.serve import serve
from augsvc.cli.stream import stream
from augsvc.cli.warmup import warmup

app = typer.Typer(
    name="augsvc",
    add_completion=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
for command in (serve, augment, stream, ops, warmup, ablate):
    app.command()(command)
app.add_typer(corpora.app, name="corpora")
app.add_typer(lexicon.app, name="lexicon")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"augsvc {installed('augsvc')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Text data augmentation: reproducible, fast, and honest about every edit.

    Start here:

    * augsvc augment reviews.jsonl --seed 1 --show

    * augsvc serve
    """
