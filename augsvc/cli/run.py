"""Running a command line: its failures become one line and a status, SIGTERM an exception."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import NoReturn

import typer

from augsvc.cli.app import app
from augsvc.cli.failures import Terminated, told
from augsvc.errors import AugsvcError


def run(words: Sequence[str]) -> int:
    """Run a command line and return its exit status; an empty one asks for help."""
    signal.signal(signal.SIGTERM, _terminated)
    command = typer.main.get_command(app)
    try:
        # otherwise typer prints errors in its own way, and exits
        return command.main(args=words or ["--help"], prog_name="augsvc", standalone_mode=False) or 0
    except (typer.TyperException, AugsvcError, OSError) as error:
        return told(error)


def _terminated(*_: object) -> NoReturn:
    raise Terminated
