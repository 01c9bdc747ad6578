"""`augsvc serve`: the service on this machine."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from augsvc.cli import options
from augsvc.cli.failures import Terminated

LogLevel = Literal["critical", "error", "warning", "info", "debug"]


def _setting(name: str, default: str, help: str, **more: Any) -> Any:  # noqa: A002  as typer calls it
    more = {"metavar": name.rpartition("_")[2]} | more
    return typer.Option(envvar=f"AUGSVC_{name}", show_default=default, help=help, **more)


def serve(
    host: Annotated[str | None, _setting("HOST", "127.0.0.1", "Address to listen on.")] = None,
    port: Annotated[
        int | None, _setting("PORT", "8000", "Port to listen on; 0 picks a free one.", min=0, max=65_535)
    ] = None,
    data: Annotated[
        Path | None,
        _setting("DATA", "the user's data directory", "Directory that holds corpora and views; made if missing."),
    ] = None,
    overlay: options.Overlay = None,
    concurrency: Annotated[
        int | None,
        _setting(
            "CONCURRENCY", "32", "Requests computed at once; one more is answered 429 instead of waiting unseen.", min=1
        ),
    ] = None,
    max_transfers: Annotated[
        int | None,
        _setting("MAX_TRANSFERS", "64", "Long streams and uploads under way at once; one more is answered 429.", min=1),
    ] = None,
    max_body_bytes: Annotated[
        int | None, _setting("MAX_BODY_BYTES", "64 MiB", "Largest JSON body, in bytes.", min=1)
    ] = None,
    max_corpus_bytes: Annotated[
        int | None,
        _setting("MAX_CORPUS_BYTES", "64 GiB", "Largest corpus upload, in bytes, as sent and decompressed.", min=1),
    ] = None,
    max_answer_characters: Annotated[
        int | None,
        _setting(
            "MAX_ANSWER_CHARACTERS",
            "134217728",
            "Most text that one POST /augment may ask for: characters of its texts times copies.",
            min=1,
        ),
    ] = None,
    shutdown_seconds: Annotated[
        float | None,
        _setting(
            "SHUTDOWN_SECONDS", "5", "How long a stopping server waits for answers under way, in seconds.", min=0.001
        ),
    ] = None,
    log_level: Annotated[
        LogLevel | None, _setting("LOG_LEVEL", "info", "Least serious log record to write.", metavar=None)
    ] = None,
) -> None:
    """Run the service until it is stopped: REST, corpora, views and streams over HTTP.

    Stopped in any way and started again on the same data it serves the same corpora and views. It explains itself to
    people at its address, and to programs at /openapi.json.

    Examples:

    * augsvc serve

    * augsvc serve --port 8080 --data /var/lib/augsvc

    * augsvc serve --overlay medicine.tsv --overlay house-style.tsv

    * AUGSVC_PORT=8080 AUGSVC_DATA=/var/lib/augsvc augsvc serve
    """
    # before anything else is local
    given = {name: value for name, value in locals().items() if value is not None}
    from augsvc.service.server import run
    from augsvc.service.settings import Settings

    # uvicorn raises the signal again when it has stopped; asked to stop, a server ends well
    with suppress(Terminated):
        run(Settings(**given))
