"""The way into the command line, and out of it: arguments in, an exit status out."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default the process's own, and return its exit status; an empty one asks for help."""
    try:
        # loaded here, so that an interruption is met from the first moment on
        from augsvc.cli.run import run

        return run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
