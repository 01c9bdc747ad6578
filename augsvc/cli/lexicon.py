"""`augsvc lexicon`: build, check and look into a lexicon pack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from augsvc.cli.progress import progress
from augsvc.errors import InvalidInput

if TYPE_CHECKING:
    from augsvc.lexicon import Lexicon

app = typer.Typer(help="Build a lexicon pack, verify it, or look a word up in it.")

Pack = Annotated[
    Path | None, typer.Option(metavar="FILE", show_default="the pack that ships", help="The pack to open.")
]


@app.command()
def build(
    wordnet: Annotated[
        Path, typer.Option(metavar="DIR", envvar="AUGSVC_WORDNET", help="The WordNet 3.0 database files.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The pack; its SHA-256 is written beside it.")
    ],
    unimorph: Annotated[
        Path | None, typer.Option(metavar="FILE", envvar="AUGSVC_UNIMORPH", help="UniMorph's table of English verbs.")
    ] = None,
    names: Annotated[
        Path | None, typer.Option(metavar="DIR", envvar="AUGSVC_NAMES", help="First names, one a line in .txt files.")
    ] = None,
) -> None:
    """Build the English pack; the same inputs give the same bytes. Needs the extra `lexicon`.

    Example:

    * augsvc lexicon build --wordnet dict --unimorph eng.tsv --names names -o en.safetensors
    """
    try:
        from augsvc.lexicon.builder import build as compiled
    except ModuleNotFoundError as error:
        raise typer.BadParameter(f"{error.name} is missing: pip install 'augsvc[lexicon]'") from None

    with progress("building", of_bytes=False) as advance:
        summary = compiled(wordnet, unimorph, names, output, lambda _, done, total: advance(done, total))
    typer.echo(json.dumps(summary._asdict() | {"path": str(summary.path)}))


@app.command()
def verify(pack: Pack = None) -> None:
    """Recompute the pack's digest and compare it with the one it carries.

    Example:

    * augsvc lexicon verify
    """
    from augsvc.lexicon.inspect import verify as recomputed

    typer.echo(recomputed(pack))


@app.command()
def show(
    word: Annotated[
        str | None, typer.Argument(metavar="WORD", help="What to look up; without it, the pack's origin is told.")
    ] = None,
    pack: Pack = None,
) -> None:
    """Print what the pack knows of a word: its readings, the most frequent first, and what may stand in for each.

    Examples:

    * augsvc lexicon show dogs

    * augsvc lexicon show
    """
    from augsvc.lexicon import Lexicon

    lexicon = Lexicon.open(pack)
    if word is None:
        typer.echo(json.dumps(lexicon.metadata, indent=2))
    else:
        typer.echo(_described(lexicon, word))


def _described(lexicon: Lexicon, word: str) -> str:
    form = lexicon.form_id(word)
    if form is None:
        raise InvalidInput(f"{word!r} is not in the pack")
    lines = [" ".join([lexicon.text(form), *(flag.name or "" for flag in lexicon.flags(form))])]
    for number, reading in enumerate(lexicon.readings(word)):
        candidates = ", ".join(candidate.text for candidate in lexicon.candidates(word, number))
        what = f"{reading.slot} of the {reading.pos.name.lower()} {reading.lemma}"
        lines.append(f"  {what}: {candidates or 'nothing stands in for it'}")
    return "\n".join(lines)
