"""Whether the kernels are compiled yet; the server answers `/healthz` meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from augsvc.errors import Unavailable

Progress = Callable[[str, int, int], None]

logger = logging.getLogger("augsvc.service")


class Warmth:
    """Runs `warm(progress)` once in a background thread, and tells how far it is."""

    def __init__(self, warm: Callable[[Progress], object]) -> None:
        self._warm = warm
        self._thread = threading.Thread(target=self._run, name="warm", daemon=True)
        self._done = threading.Event()
        self._step = ("", 0, 0)
        self._failed = False

    def start(self) -> None:
        """Begin; returns at once. The thread dies with the process."""
        self._thread.start()

    def join(self) -> None:
        """Wait until it has ended, well or not."""
        self._thread.join()

    def check(self) -> None:
        """Raises Unavailable, with the state of the kernels, until all are ready."""
        if self._done.is_set():
            return
        current, done, total = self._step
        kernels = {"done": done, "total": total, "current": current}
        detail = f"Kernels are being compiled: {done} of {total or 'a few'} are ready."
        if self._failed:
            detail = "Kernels could not be compiled; the service's log says why."
        raise Unavailable(detail, retry_after=1.0, kernels=kernels)

    def _run(self) -> None:
        try:
            self._warm(self._advance)
        except Exception:
            self._failed = True
            logger.exception("warming up failed")
        else:
            self._done.set()

    def _advance(self, current: str, done: int, total: int) -> None:
        self._step = (current, done, total)
