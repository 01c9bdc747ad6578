"""Where corpora and views are kept: content-addressed objects, create-only documents and tags, without a database.

objects/sha256/ab/cdef...   immutable bytes under the SHA-256 of what they hold
manifests/<digest>.json     create-only canonical JSON (RFC 8785)
views/<id>.json             the same
tags/<name>                 the digest that a name stands for now; the only thing that ever changes

Every key is written as a temporary file that is synced and then renamed or linked, so that whoever reads, and whatever
a crash leaves behind, sees whole values or none. `Backend` is all that the keys need of a place.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import rfc8785

from augsvc.errors import InvalidInput, NotFound
from augsvc.types import JsonObject

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
"""What names of tags and documents look like; so no name leaves its folder."""

DIGEST = re.compile(r"[0-9a-f]{64}")
"""A SHA-256 in hexadecimal; a name that looks like one is always a digest."""

KINDS = ("manifests", "views")
"""The kinds of documents."""

STALE_SECONDS = 24 * 3600
"""Age from which a temporary file is taken for the remains of a killed process."""


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
        self._temporaries = root / "tmp"
        self._temporaries.mkdir(parents=True, exist_ok=True)
        self._sweep()

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
    def temporary(self) -> Iterator[Path]:
        """A path for a new file on this file system; what still lies there at the end is removed."""
        path = self._temporaries / uuid4().hex
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    @contextmanager
    def _written(self, value: bytes) -> Iterator[Path]:
        with self.temporary() as path:
            with path.open("xb") as file:
                file.write(value)
                file.flush()
                os.fsync(file.fileno())
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

    def _sweep(self) -> None:
        oldest = time.time() - STALE_SECONDS
        for path in self._temporaries.iterdir():
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except FileNotFoundError:
                continue  # another process swept it first


class Store:
    """One data directory, shared by any number of threads, processes and replicas; holds no state of its own."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._local = Directory(Path(root))
        self._backend: Backend = self._local

    @property
    def scratch(self) -> Path:
        """The directory for temporary files, on the file system of the objects."""
        return self._local.root / "tmp"

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A path for a new file on the store's file system; what still lies there at the end is removed."""
        with self._local.temporary() as path:
            yield path

    def put_object(self, path: Path) -> str:
        """Move a finished temporary file in as an object and return its SHA-256 (64 hex digits)."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self._backend.adopt(_object_key(digest), path)
        return digest

    def object_path(self, digest: str) -> Path:
        """The local file of an object, to be mapped and never written; raises NotFound."""
        path = self._local.root / _object_key(_checked(DIGEST, digest))
        if not path.is_file():
            raise NotFound(f"The store has no object {digest}; upload the corpus that it belongs to again.")
        return path

    def put_document(self, kind: str, name: str, document: JsonObject) -> bool:
        """Store `document` under a new name as canonical JSON; False, and nothing changed, where the name is taken."""
        return self._backend.create(_document_key(kind, name), rfc8785.dumps(document))

    def get_document(self, kind: str, name: str) -> JsonObject | None:
        """The document of that kind and name, None where there is none."""
        value = self._backend.read(_document_key(kind, name))
        if value is None:
            return None
        document: JsonObject = json.loads(value)
        return document

    def list_documents(self, kind: str) -> list[str]:
        """The names of all documents of a kind, sorted."""
        names = (name.removesuffix(".json") for name in self._backend.names(_checked_kind(kind)))
        return [name for name in names if NAME.fullmatch(name)]

    def set_tag(self, name: str, digest: str) -> str | None:
        """Let `name` stand for `digest` from now on; returns what it stood for before, None if it is new."""
        key, value = _tag_key(name), _checked(DIGEST, digest)
        previous = self.get_tag(name)
        if previous != digest:
            self._backend.replace(key, value.encode())
        return previous

    def get_tag(self, name: str) -> str | None:
        """The digest that `name` stands for, None where nothing has this name."""
        value = self._backend.read(_tag_key(name))
        return None if value is None else value.decode()

    def delete_tag(self, name: str) -> bool:
        """Forget a name, never what it stands for; False where nothing has this name."""
        return self._backend.delete(_tag_key(name))

    def tags(self) -> dict[str, str]:
        """All names with their digests, sorted by name."""
        # file systems leave files of their own in a directory: .nfs000..., .DS_Store
        named = ((name, self.get_tag(name)) for name in self._backend.names("tags") if NAME.fullmatch(name))
        return {name: digest for name, digest in named if digest is not None}


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checked(pattern: re.Pattern[str], name: str) -> str:
    if not pattern.fullmatch(name):
        raise InvalidInput(f"{name[:200]!r} is no valid name here: it must match {pattern.pattern}.")
    return name


def _checked_kind(kind: str) -> str:
    if kind not in KINDS:
        raise InvalidInput(f"{kind!r} is no kind of document: take one of {', '.join(KINDS)}.")
    return kind


def _object_key(digest: str) -> str:
    return f"objects/sha256/{digest[:2]}/{digest[2:]}"


def _document_key(kind: str, name: str) -> str:
    return f"{_checked_kind(kind)}/{_checked(NAME, name)}.json"


def _tag_key(name: str) -> str:
    return f"tags/{_checked(NAME, name)}"
