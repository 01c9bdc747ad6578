"""The way into the command line, and out of it: arguments in, an exit status out."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from augsvc.cli.app import app
from augsvc.cli.failures import Terminated, told
from augsvc.errors import AugsvcError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default the process's own, and return its exit status; an empty one asks for help."""
    signal.signal(signal.SIGTERM, _terminated)
    words = sys.argv[1:] if arguments is None else arguments
    command = typer.main.get_command(app)
    try:
        return command.main(args=words or ["--help"], prog_name="augsvc", standalone_mode=False) or 0
    except (typer.TyperException, AugsvcError, OSError) as error:
        return told(error)


def _terminated(*_: object) -> NoReturn:
    raise Terminated
