"""Where a stream's rows come from: servers, or the engine in this process."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from augsvc.client import Client, RemoteSource, RemoteView
from augsvc.errors import InvalidInput
from augsvc.lexicon import Lexicon
from augsvc.views import Source, Workspace


class Supply(Protocol):
    """A view that any process can open by itself, for what it holds can be pickled."""

    @property
    def view_id(self) -> str:
        """The view's id."""

    @property
    def rows(self) -> int:
        """Positions of an epoch."""

    def open(self) -> AbstractContextManager[Source]:
        """The view's rows, for the calling process and as long as the context lasts."""


@dataclass(frozen=True, slots=True)
class Served:
    """A view of a server, or of replicas."""

    urls: str | Sequence[str]
    view: RemoteView

    @classmethod
    def create(cls, urls: str | Sequence[str], fields: Mapping[str, Any]) -> Served:
        """Make the view, or find it; raises as `Client.create_view` does."""
        with Client(urls) as client:
            return cls(urls, client.post_view(fields))

    @property
    def view_id(self) -> str:
        """The view's id."""
        return self.view.view_id

    @property
    def rows(self) -> int:
        """Positions of an epoch."""
        return self.view.rows

    @contextmanager
    def open(self) -> Iterator[Source]:
        """A source with connections of its own."""
        with Client(self.urls) as client:
            yield RemoteSource(client, self.view)


@dataclass(frozen=True, slots=True)
class Local:
    """A view of a data directory, computed where it is read."""

    root: Path
    view_id: str
    rows: int
    lexicon: Lexicon | None

    @classmethod
    def create(cls, root: str | os.PathLike[str], fields: Mapping[str, Any], lexicon: Lexicon | None) -> Local:
        """Make the view, or find it; raises InvalidInput for no directory, else as `Workspace.create_view` does."""
        path = Path(root).absolute()  # workers, and later passes, may run in another directory
        if not path.is_dir():
            raise InvalidInput(f"{path} is no directory: with local=True name the service's data directory.")
        workspace = Workspace(path, lexicon)
        view, _ = workspace.create_view(fields)
        return cls(path, view.view_id, workspace.source(view.view_id).rows, lexicon)

    def open(self) -> AbstractContextManager[Source]:
        """A source with files of its own."""
        # Anew in each process and pass: neither locks nor connections survive a fork.
        return nullcontext(Workspace(self.root, self.lexicon).source(self.view_id))


def supply(
    source: str | Sequence[str] | os.PathLike[str], fields: Mapping[str, Any], local: bool, lexicon: Lexicon | None
) -> Supply:
    """The view of these fields at a source; raises InvalidInput for arguments that do not go together."""
    if lexicon is not None and not local:
        raise InvalidInput("A server has a lexicon of its own: start it with --overlay, or pass local=True.")
    if local:
        if isinstance(source, str | os.PathLike):
            return Local.create(source, fields, lexicon)
        raise InvalidInput("With local=True name one data directory.")
    if isinstance(source, os.PathLike):
        raise InvalidInput(f"{source} is no server's address: pass local=True for a data directory.")
    return Served.create(source, fields)


class Opened:
    """A view's rows in whichever process asks: opened on first use in each, and closed when nobody holds it."""

    def __init__(self, supply: Supply) -> None:
        self.supply = supply
        self._process: int | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"supply": self.supply, "_process": None}

    def here(self) -> Source:
        """The source of this process."""
        # A fork inherits what its parent has opened: neither locks nor connections may be shared.
        if self._process != os.getpid():
            stack = ExitStack()
            self._source = stack.enter_context(self.supply.open())
            self._process = os.getpid()
            weakref.finalize(self, stack.close)
        return self._source
