"""Options that several commands share, each described once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from augsvc.cli.failures import sentence
from augsvc.errors import InvalidPipeline

if TYPE_CHECKING:
    from augsvc.pipeline import Pipeline as PipelineSpec

MAX_EPOCH = 2**32 - 1
MAX_ROW = 2**63 - 1  # as in augsvc.types, which would load NumPy to say it
MAX_COPIES = 1_024  # of a view, as in augsvc.views

Target: TypeAlias = Annotated[
    str,
    typer.Option(
        "--output", "-o", metavar="OUTPUT", help="A file that appears whole or not at all; - is standard output."
    ),
]
Pipeline: TypeAlias = Annotated[
    str,
    typer.Option(
        "--pipeline", "-p", metavar="NAME|FILE|JSON", help="A preset (`augsvc ops` lists them), a JSON file, or JSON."
    ),
]
Epoch: TypeAlias = Annotated[
    int,
    typer.Option(
        "--epoch",
        metavar="N",
        min=0,
        max=MAX_EPOCH,
        help="Another epoch, another variation; the same epoch, the same bytes.",
    ),
]
Copies: TypeAlias = Annotated[int, typer.Option("--copies", metavar="N", min=1, help="Augmented copies of each text.")]
ViewCopies: TypeAlias = Annotated[
    int,
    typer.Option("--copies", metavar="N", min=1, max=MAX_COPIES, help=f"Augmented copies, at most {MAX_COPIES:,}."),
]
Seed: TypeAlias = Annotated[
    int, typer.Option("--seed", metavar="N", min=0, max=MAX_ROW, help="The same seed gives the same bytes.")
]
Overlay: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--overlay",
        metavar="FILE",
        envvar="AUGSVC_OVERLAY",
        show_default="none",
        help="Synonyms of your own, tab-separated; repeatable, later ones win (in the environment as in PATH).",
    ),
]
TextColumn: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        show_default="text, else the only strings",
        help="The column to augment; repeatable, for pairs of sentences.",
    ),
]
Url: TypeAlias = Annotated[
    str, typer.Option("--url", envvar="AUGSVC_URL", help="Where the service answers (`augsvc serve` starts one).")
]

DEFAULT_PIPELINE = "regularize"
DEFAULT_URL = "http://127.0.0.1:8000"


def origin(holds: str) -> Any:
    """The argument INPUT, a file that holds something or standard input."""
    return typer.Argument(metavar="INPUT", help=f"{holds}; - reads standard input.")


def parsed_pipeline(value: str) -> PipelineSpec:
    """What `--pipeline` means: JSON, a file of it, or a preset's name; raises a usage error if it is none of them."""
    from augsvc.pipeline import parse

    try:
        return parse(pipeline_source(value))
    except InvalidPipeline as error:
        raise typer.BadParameter(sentence(error), param_hint="--pipeline") from None


def pipeline_source(value: str) -> str | dict[str, Any]:
    """A preset's name as it stands, else the JSON object in the argument or in the file it names."""
    path = Path(value)
    try:
        if value.lstrip().startswith("{"):
            return _object(value)
        if path.suffix == ".json" or path.is_file():
            return _object(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"no pipeline can be read from it: {error}", param_hint="--pipeline") from None
    return value


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError('a pipeline is a JSON object like {"ops": [...]}')  # noqa: TRY004 - joins the other unreadable ones
    return value
