"""`augsvc lexicon`: build, check and look into a lexicon pack."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from augsvc.cli import options, output
from augsvc.cli.progress import progress
from augsvc.cli.source import position, source
from augsvc.errors import InvalidInput

if TYPE_CHECKING:
    from augsvc.lexicon import Lexicon

CHUNK_SENTENCES = 4_096
"""How many sentences are held at a time."""

app = typer.Typer(help="Build a lexicon pack, verify it, look a word up in it, or tag text with it.")

Pack = Annotated[
    Path | None, typer.Option(metavar="FILE", show_default="the pack that ships", help="The pack to open.")
]


@app.command()
def build(
    target: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The pack; its SHA-256 is written beside it.")
    ],
    wordnet: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR|ZIP",
            envvar="AUGSVC_WORDNET",
            show_default="NLTK's corpus, if it is installed",
            help="The WordNet 3.0 database files.",
        ),
    ] = None,
    unimorph: Annotated[
        Path | None, typer.Option(metavar="FILE", envvar="AUGSVC_UNIMORPH", help="UniMorph's table of English verbs.")
    ] = None,
    names: Annotated[
        Path | None, typer.Option(metavar="DIR", envvar="AUGSVC_NAMES", help="First names, one a line in .txt files.")
    ] = None,
    treebank: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A CoNLL-U file with Penn tags to train the tagger on; may be repeated."),
    ] = None,
) -> None:
    """Build the English pack; the same inputs give the same bytes. Needs the extra `lexicon`.

    Examples:

    * augsvc lexicon build -o en.safetensors

    * augsvc lexicon build --wordnet dict --unimorph eng.tsv --names names --treebank train.conllu -o en.safetensors
    """
    try:
        from augsvc.lexicon.builder import build as compiled
    except ModuleNotFoundError as error:
        raise typer.BadParameter(f"{error.name} is missing: pip install 'augsvc[lexicon]'") from None

    with progress("building", of_bytes=False) as advance:
        summary = compiled(
            wordnet, unimorph, names, target, lambda _, done, total: advance(done, total), treebank or ()
        )
    typer.echo(json.dumps(summary._asdict() | {"path": str(summary.path)}))


@app.command()
def rules(
    pack: Annotated[Path, typer.Argument(help="The pack, which is rewritten.")] = Path("wordnet_data/en.safetensors"),
) -> None:
    """Translate the rewrite rules again into an English pack and leave all else as it is: for who writes rules.

    Examples:

    * augsvc lexicon rules
    """
    from augsvc.lexicon.builder.build import rebuild_rules

    typer.echo(rebuild_rules(pack))


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
    overlay: options.Overlay = None,
) -> None:
    """Print what the pack knows of a word: its readings, the most frequent first, and what may stand in for each.

    Examples:

    * augsvc lexicon show dogs

    * augsvc lexicon show dogs --overlay my-synonyms.tsv

    * augsvc lexicon show
    """
    from augsvc.lexicon import Lexicon

    lexicon = Lexicon.open(pack, overlay)
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


@app.command()
def tag(
    origin: Annotated[str, options.origin("A CoNLL-U file, cut into words")],
    target: options.Target = output.STANDARD,
    pack: Pack = None,
) -> None:
    """Fill UPOS and XPOS (Penn tags) for the words of a CoNLL-U file; everything else stays as it is.

    Against a treebank's own tags this tells the tagger's accuracy.

    Example:

    * augsvc lexicon tag dev.conllu -o tagged.conllu
    """
    from augsvc.lexicon import Lexicon
    from augsvc.lexicon.conllu import parse
    from augsvc.lexicon.tagging import tag_words

    lexicon = Lexicon.open(pack)
    with (
        source(origin) as stream,
        output.opened_beside(target) as sink,
        progress("tagging", of_bytes=True, wanted=target != output.STANDARD) as advance,
    ):
        parsed = parse(stream)
        while sentences := list(islice(parsed, CHUNK_SENTENCES)):
            found = tag_words([sentence.words for sentence in sentences], lexicon)
            for sentence, (upos, xpos) in zip(sentences, found, strict=True):
                sink.writelines(line.encode() for line in sentence.tagged(upos, xpos))
            advance(*position(stream))
