"""`augsvc ablate`: which regularizers help on a data set, each alone, all together and all but one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from augsvc.cli import output
from augsvc.cli.progress import progress

if TYPE_CHECKING:
    from augsvc.ablation.report import Report

UNLABELLED = Path("../shared/data/text")


def _cores() -> int:
    """Return how many cores this process may use, or the machine has where the system does not tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Train = Annotated[
    Path, typer.Argument(metavar="TRAIN", help="Labelled texts: .tsv or .txt (label, tab, text), CSV, JSONL, ...")
]
Test = Annotated[Path, typer.Argument(metavar="TEST", help="Labelled texts that nothing is trained on.")]
Model = Annotated[
    str,
    typer.Option(
        metavar="MODEL",
        help="cnn, dan, transformer, hf:DIR (a pretrained encoder), or module:function that makes one.",
    ),
]
N = Annotated[int, typer.Option("--n", metavar="N", min=2, help="Rows of TRAIN that each run draws.")]
Seeds = Annotated[int, typer.Option(metavar="N", min=1, help="Runs of each row; the same draws for all rows.")]
Plan = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FILE", show_default="one for the model", help="A regularization plan: a preset, JSON or YAML."
    ),
]
Vectors = Annotated[
    Path | None,
    typer.Option(metavar="FILE", show_default="made from text", help="Word vectors, GloVe's or fastText's text."),
]
Unlabelled = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="PATH",
        envvar="AUGSVC_UNLABELLED",
        show_default=f"{UNLABELLED}, if it is there",
        help="Text to make vectors from, beside that of TRAIN: a file or a folder; repeatable.",
    ),
]
Jobs = Annotated[
    int | None, typer.Option(metavar="N", min=1, show_default="the processors", help="Processes, of a thread each.")
]
JsonFile = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write every figure, every seed's own too.")
]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write one page with the table and its plots.")
]
Steps = Annotated[
    int | None, typer.Option(metavar="N", min=1, show_default="by the model", help="Steps of each training.")
]
BatchSize = Annotated[int | None, typer.Option(metavar="N", min=1, show_default="by the model", help="Rows of a step.")]
LearningRate = Annotated[float | None, typer.Option(metavar="X", min=0, show_default="by the model", help="AdamW's.")]
HeldOut = Annotated[
    float, typer.Option(metavar="SHARE", min=0.01, max=0.9, help="Of the rows, for early stopping to watch.")
]
Longest = Annotated[int, typer.Option(metavar="N", min=1, help="Words of a text that are read.")]
Target = Annotated[
    float | None,
    typer.Option(
        metavar="PERCENT",
        show_default="98 % of the baseline's",
        help="The accuracy that steps and seconds are counted to.",
    ),
]
TextColumn = Annotated[
    str | None, typer.Option(metavar="NAME", show_default="text, else the only strings", help="The texts.")
]
LabelColumn = Annotated[str | None, typer.Option(metavar="NAME", show_default="label", help="The labels.")]
FirstSeed = Annotated[int, typer.Option(metavar="N", min=0, max=10**12, help="The first of the seeds.")]
Work = Annotated[
    Path | None,
    typer.Option(metavar="DIR", show_default="the user's cache", help="Keeps finished runs, to go on from."),
]


def ablate(
    train: Train,
    test: Test,
    model: Model = "transformer",
    n: N = 500,
    seeds: Seeds = 10,
    plan: Plan = None,
    vectors: Vectors = None,
    unlabelled: Unlabelled = None,
    jobs: Jobs = None,
    json_file: JsonFile = None,
    html_file: HtmlFile = None,
    steps: Steps = None,
    batch_size: BatchSize = None,
    learning_rate: LearningRate = None,
    held_out: HeldOut = 0.1,
    longest: Longest = 64,
    target: Target = None,
    text_column: TextColumn = None,
    label_column: LabelColumn = None,
    first_seed: FirstSeed = 0,
    work: Work = None,
) -> None:
    """Train a model with each technique alone, with all, with all but one and with none, and compare them in pairs.

    Every finished run is kept at once: the same call goes on where an earlier one was cut off. Needs the extra
    `ablation`.

    Examples:

    * augsvc ablate train.tsv test.tsv --model transformer --n 500 --seeds 10 --jobs 2 --html ablation.html

    * augsvc ablate train.csv test.csv --model cnn --vectors glove.6B.100d.txt --json ablation.json

    * augsvc ablate train.jsonl test.jsonl --model hf:minilm --n 100 --seeds 5 --plan plan.yaml
    """
    _check_extra()
    _check_outputs([json_file, html_file], [train, test, vectors, Path(plan) if plan else None])
    from augsvc.ablation.report import ablate as run
    from augsvc.ablation.settings import settings_of

    settings = settings_of(
        train=train,
        test=test,
        model=model,
        n=n,
        plan=plan,
        vectors=vectors,
        unlabelled=tuple(unlabelled or filter(Path.exists, [UNLABELLED])),
        text_column=text_column,
        label_column=label_column,
        held_out=held_out,
        longest=longest,
        course={"steps": steps, "batch_size": batch_size, "learning_rate": learning_rate},
    )
    with progress("training", of_bytes=False) as advance:
        report = run(
            settings,
            range(first_seed, first_seed + seeds),
            jobs=jobs or _cores(),
            target=target,
            folder=work,
            advance=advance,
        )
    _tell(report, json_file, html_file)


def _check_extra() -> None:
    from importlib.util import find_spec

    if missing := [name for name in ("torch", "scipy", "torchmetrics", "matplotlib", "yaml") if not find_spec(name)]:
        raise typer.BadParameter(f"{', '.join(missing)} missing: pip install 'augsvc[ablation]'")


def _check_outputs(outputs: Sequence[Path | None], inputs: Sequence[Path | None]) -> None:
    """Refuse now what could not be written in the end, or would be written over another of these files."""
    taken = {path.resolve() for path in inputs if path}
    for path in filter(None, outputs):
        real = path.resolve()
        if str(path) == output.STANDARD or (real.exists() and not (real.is_file() or real.is_dir())):
            continue
        if not real.parent.is_dir():
            raise typer.BadParameter(f"{real.parent} is no directory: create it, or name another file")
        # a file is written beside its place, and put there when it is whole
        if real.is_dir() or not os.access(real.parent, os.W_OK):
            raise typer.BadParameter(f"{path} cannot be written: name another file")
        if real in taken:
            raise typer.BadParameter(f"{path} is another file of this call: name another file")
        taken.add(real)


def _tell(report: Report, json_file: Path | None, html_file: Path | None) -> None:
    from augsvc.ablation.page import page
    from augsvc.ablation.terminal import WIDTH, table
    from augsvc.cli.show import console

    # first, as it is there whatever becomes of the files
    screen = console()
    screen.width = max(screen.width, WIDTH)
    screen.print(table(report))
    if json_file:
        with output.opened(str(json_file)) as sink:
            sink.write(report.model_dump_json(indent=2).encode() + b"\n")
    if html_file:
        with output.opened(str(html_file)) as sink:
            sink.write(page(report).encode())
