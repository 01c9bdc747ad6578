"""Where corpora and views are kept: content-addressed objects, create-only documents and tags, without a database.

objects/sha256/ab/cdef...   immutable bytes under the SHA-256 of what they hold
manifests/<digest>.json     create-only canonical JSON (RFC 8785)
views/<id>.json             the same
tags/<name>                 the digest that a name stands for now; the only thing that ever changes

Every key is written as a temporary file that is synced and then renamed or linked, so that whoever reads, and whatever
a crash leaves behind, sees whole values or none. `Backend` is all that the keys need of a place. Objects that are to
become part of a manifest are first written down in the folder of their upload: of an upload that fails, or is killed,
those that no manifest names are removed, at once or when the store is next opened.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import rfc8785

from augsvc.errors import InvalidInput, NotFound
from augsvc.store.directory import Backend, Directory, write
from augsvc.store.folders import STALE_SECONDS, locked
from augsvc.types import JsonObject

__all__ = ["DIGEST", "KINDS", "NAME", "STALE_SECONDS", "Store", "is_full"]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
"""What names of tags and documents look like; so no name leaves its folder."""

DIGEST = re.compile(r"[0-9a-f]{64}")
"""A SHA-256 in hexadecimal; a name that looks like one is always a digest."""

KINDS = ("manifests", "views")
"""The kinds of documents."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_INTENT = "intent"
"""File in the folder of an upload: the digests that are about to become objects, as JSON."""


class Store:
    """One data directory, shared by any number of threads, processes and replicas; holds no state of its own."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._local = Directory(Path(root))
        self._backend: Backend = self._local
        self._local.folders.sweep(self._forsake)

    @property
    def scratch(self) -> Path:
        """The directory for temporary files, on the file system of the objects."""
        return self._local.root / "tmp"

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A path for a new file on the store's file system; what still lies there at the end is removed."""
        with self.folder() as folder:
            yield folder / "file"

    def folder(self) -> AbstractContextManager[Path]:
        """A new folder on the store's file system for the files of an upload, removed in the end, however it comes."""
        return self._local.folders.made()

    def put_object(self, path: Path) -> str:
        """Move a finished temporary file in as an object and return its SHA-256 (64 hex digits)."""
        digest = _digest_of(path)
        self._backend.adopt(_object_key(digest), path)
        return digest

    @contextmanager
    def publishing(self, folder: Path, paths: Sequence[Path]) -> Iterator[list[str]]:
        """Move finished files of an upload's folder in as objects, for a manifest that is put before this ends.

        Gives their SHA-256s; where the manifest is not put, or anything fails, they are removed again.
        """
        digests = [_digest_of(path) for path in paths]
        intent = folder / _INTENT
        try:
            # Shared by all who publish: whoever removes objects waits until no manifest is on its way.
            with locked(self._local.root, shared=True):
                write(intent, json.dumps(digests).encode())
                for digest, path in zip(digests, paths, strict=True):
                    self._backend.adopt(_object_key(digest), path)
                yield digests
        except BaseException:
            with locked(self._local.root):
                self._remove_unnamed(digests)
            raise
        finally:
            intent.unlink(missing_ok=True)

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

    def _forsake(self, folder: Path) -> bool:
        """Remove what a killed upload made objects of; False where this must wait for others that publish."""
        try:
            digests = json.loads((folder / _INTENT).read_bytes())
        except (FileNotFoundError, ValueError):
            # Killed before it was written, and so before anything became an object.
            return True
        try:
            with locked(self._local.root, wait=False):
                self._remove_unnamed(digests)
        except BlockingIOError:
            return False
        return True

    def _remove_unnamed(self, digests: Sequence[str]) -> None:
        manifests = (self.get_document("manifests", name) for name in self.list_documents("manifests"))
        named = {chunk for manifest in manifests if manifest for chunk in manifest.get("chunks", ())}
        for digest in {*digests} - named:
            self._backend.delete(_object_key(_checked(DIGEST, digest)))


def is_full(error: BaseException) -> bool:
    """Whether an error says that there is no room for a file, on the disk or by a quota or limit."""
    return isinstance(error, OSError) and error.errno in _FULL


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
