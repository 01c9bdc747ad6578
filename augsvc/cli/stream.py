"""`augsvc stream`: a corpus of the service, augmented and shuffled, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from augsvc.cli import options, output
from augsvc.cli.failures import sentence
from augsvc.errors import BadRequest, InvalidInput

if TYPE_CHECKING:
    from augsvc.order import Lane

Original = Literal["rows", "column"]
Shuffle = Literal["global", "block", "none"]


def stream(
    corpus: Annotated[
        str, typer.Argument(metavar="CORPUS", help="Its name or digest (`augsvc corpora list` tells them).")
    ],
    pipeline: options.Pipeline = options.DEFAULT_PIPELINE,
    seed: options.Seed = 0,
    epoch: options.Epoch = 0,
    copies: options.ViewCopies = 1,
    include_original: Annotated[
        Original | None,
        typer.Option(show_default="not at all", help="The texts as they were: as rows of their own, or as _original."),
    ] = None,
    shuffle: Annotated[
        Shuffle, typer.Option(help="Order of an epoch: over all rows, over blocks of them, or as stored.")
    ] = "global",
    start: Annotated[
        int, typer.Option(metavar="N", min=0, max=options.MAX_ROW, help="First position of the epoch to read.")
    ] = 0,
    lane: Annotated[
        str,
        typer.Option(metavar="OFFSET:ROWS:TOTAL[:ORIGIN]", help="This reader's share of the positions; default: all."),
    ] = "0:1:1",
    url: options.Url = options.DEFAULT_URL,
) -> None:
    """Print an epoch of a corpus as NDJSON: a row a line, then a line `_end` with their number and checksum.

    Every page is verified before it is printed, and asked for again after a failure: no row is lost or doubled.

    Examples:

    * augsvc stream messages --seed 1 | head -3

    * augsvc stream messages --seed 1 --epoch 2 --lane 0:1:4 > shard0.ndjson
    """
    from augsvc.client import Client, RemoteSource
    from augsvc.wire import NDJSON, encode

    document = options.parsed_pipeline(pipeline)
    share = _lane(lane, start)
    sink = output.standard("output")
    with Client(url) as client:
        view = client.create_view(
            corpus, document, seed=seed, copies=copies, include_original=include_original or False, shuffle=shuffle
        )
        source = RemoteSource(client, view)
        tables = client.stream(view.view_id, epoch=epoch, start=start, lane=share)
        lines = encode(tables, NDJSON, schema=source.schema, text_columns=source.text_columns, next=lambda: None)
        for chunk in lines:
            sink.write(chunk)
            sink.flush()


def _lane(text: str, start: int) -> Lane:
    from augsvc.order import Lane

    try:
        lane = Lane.parse(text)
        lane.positions(start, 0, 0)
    except (BadRequest, InvalidInput) as error:
        raise typer.BadParameter(sentence(error), param_hint="--lane") from None
    return lane
