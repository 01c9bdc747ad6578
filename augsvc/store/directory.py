"""Values under keys in a directory of a local file system, each written as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from augsvc.store.folders import Folders


class Backend(Protocol):
    """A place for values under keys (relative paths with `/`); each method is atomic and durable when it returns."""

    def adopt(self, key: str, path: Path) -> None:
        """Move the finished local file `path` to `key`, over what is there."""

    def create(self, key: str, value: bytes) -> bool:
        """Put `value` at `key` unless something is there; of several callers at once exactly one gets True."""

    def replace(self, key: str, value: bytes) -> None:
        """Put `value` at `key`, over what is there."""

    def read(self, key: str) -> bytes | None:
        """The value at `key`, None where there is none."""

    def delete(self, key: str) -> bool:
        """Remove `key`; False where it did not exist."""

    def names(self, prefix: str) -> list[str]:
        """The last parts of the keys right under `prefix`, sorted."""


class Directory:
    """The backend that is a directory of a local file system; raises OSError as the file system does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folders = Folders(root / "tmp")

    def adopt(self, key: str, path: Path) -> None:
        """See `Backend`; `path` must lie on the same file system."""
        with path.open("rb") as file:
            os.fsync(file.fileno())
        target = self._target(key)
        path.replace(target)
        _sync_directory(target.parent)

    def create(self, key: str, value: bytes) -> bool:
        """See `Backend`; a hard link is what fails when the name is taken and never shows half a file."""
        target = self._target(key)
        with self._written(value) as path:
            try:
                os.link(path, target)
            except FileExistsError:
                return False
        _sync_directory(target.parent)
        return True

    def replace(self, key: str, value: bytes) -> None:
        """See `Backend`."""
        with self._written(value) as path:
            self.adopt(key, path)

    def read(self, key: str) -> bytes | None:
        """See `Backend`."""
        try:
            return (self.root / key).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> bool:
        """See `Backend`."""
        path = self.root / key
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        _sync_directory(path.parent)
        return True

    def names(self, prefix: str) -> list[str]:
        """See `Backend`."""
        folder = self.root / prefix
        return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []

    @contextmanager
    def _written(self, value: bytes) -> Iterator[Path]:
        with self.folders.made() as folder:
            path = folder / "value"
            write(path, value)
            yield path

    def _target(self, key: str) -> Path:
        """The path of `key`, its folders made and synced up to the first that already existed."""
        path = self.root / key
        # A new folder outlasts a crash only once its parent has been synced.
        missing = [folder for folder in path.parents if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in missing:
            _sync_directory(folder.parent)
        return path


def write(path: Path, value: bytes) -> None:
    """Write a new file that outlasts a crash; its name does once its folder has been synced."""
    with path.open("xb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
