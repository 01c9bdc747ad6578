"""`augsvc warmup`: compile the kernels ahead of the first use."""

from __future__ import annotations

import sys

import typer

from augsvc.cli.progress import progress


def warmup() -> None:
    """Compile the kernels and keep them on disk, so that the first run starts at once.

    It takes ten seconds or so once, and little where it was done before. Worth a line in an image's build.

    Example:

    * augsvc warmup
    """
    from augsvc.lexicon import Lexicon
    from augsvc.pipeline.warm import warm

    with progress("compiling kernels", of_bytes=False) as advance:

        def tell(_: str, done: int, total: int) -> None:
            advance(done, total)

        seconds = warm(Lexicon.open(), tell, tagging=True)
    typer.echo(f"kernels ready after {seconds:.1f} s", file=sys.stderr)
