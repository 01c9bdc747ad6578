"""Folders for what is not finished: each is locked while its process lives, so that those of killed ones are known.

The locks are the operating system's (`flock`), which end with their process however that ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

STALE_SECONDS = 24 * 3600
"""Age from which what cannot be locked is taken for the remains of a killed process."""


class Folders:
    """The folders under a root, shared by any number of threads and processes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def made(self) -> Iterator[Path]:
        """A new folder, removed in the end with all that it holds."""
        path, lock = self._claimed()
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)

    def _claimed(self) -> tuple[Path, int]:
        while True:
            path = self._root / uuid4().hex
            path.mkdir()
            # Until it is locked, whoever sweeps may take it for forsaken.
            with suppress(FileNotFoundError):
                lock = _lock(path, fcntl.LOCK_EX)
                if path.is_dir():
                    return path, lock
                os.close(lock)

    def sweep(self, forsake: Callable[[Path], bool]) -> None:
        """Remove the folders of processes that were killed, each after `forsake` says that it may go."""
        for path in self._root.iterdir():
            with suppress(FileNotFoundError):  # another process swept it first
                if path.is_dir():
                    self._sweep_folder(path, forsake)
                elif _is_stale(path):
                    path.unlink()

    def _sweep_folder(self, path: Path, forsake: Callable[[Path], bool]) -> None:
        try:
            with locked(path, wait=False):
                if forsake(path):
                    shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            return  # its process lives


@contextmanager
def locked(folder: Path, *, shared: bool = False, wait: bool = True) -> Iterator[None]:
    """Hold a folder's lock, alone or with others that share it; without `wait`, raises BlockingIOError at once.

    Raises FileNotFoundError where there is no such folder.
    """
    lock = _lock(folder, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    try:
        yield
    finally:
        os.close(lock)


def _lock(folder: Path, operation: int) -> int:
    """A descriptor that holds the lock until it is closed."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, operation)
    except OSError as error:
        # A file system without locks: whoever waits goes on, whoever sweeps leaves everything.
        if isinstance(error, BlockingIOError) or operation & fcntl.LOCK_NB:
            os.close(descriptor)
            raise BlockingIOError(*error.args) from None
    return descriptor


def _is_stale(path: Path) -> bool:
    return path.stat().st_mtime < time.time() - STALE_SECONDS
