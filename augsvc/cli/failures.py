"""Failures as one line on standard error."""

from __future__ import annotations

import signal
import sys

import typer

from augsvc.errors import AugsvcError


class Terminated(SystemExit):
    """SIGTERM as an exception, so that temporary files are removed on the way out; a server takes it as a request."""

    def __init__(self) -> None:
        super().__init__(128 + signal.SIGTERM)


def told(error: typer.TyperException | AugsvcError | OSError) -> int:
    """Print what went wrong and what to do on standard error; return the exit status."""
    if isinstance(error, typer.TyperException):
        message, status = _usage(error), error.exit_code
    elif isinstance(error, AugsvcError):
        message, status = sentence(error), 1
    else:
        message, status = f"{error.filename or 'input or output'}: {error.strerror or error}", 1
    print(f"augsvc: {' '.join(message.split())}", file=sys.stderr)
    return status


def sentence(error: AugsvcError) -> str:
    """The error's detail with its faults, each by its place."""
    faults = "; ".join(f"{pointer or '/'}: {detail}" for pointer, detail in error.faults if detail not in error.detail)
    return f"{error.detail} ({faults})" if faults else error.detail


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    hint = f" (see `{context.command_path} --help`)" if context else ""
    return f"{error.format_message().removeprefix('Invalid value: ').rstrip('.')}{hint}"
