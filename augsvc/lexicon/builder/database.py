"""Where the files of WordNet come from: a directory, a zip, or what NLTK has installed."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from augsvc.errors import InvalidInput
from augsvc.lexicon.builder.wordnet import FILES


@contextmanager
def database(source: Path | None) -> Iterator[Path]:
    """Yield a directory with WordNet's files: `source`, unpacked if it is a zip; without one, NLTK's `wordnet` corpus.

    Raises:
        InvalidInput: `source` is neither, or NLTK has no such corpus.
    """
    found = source or _installed()
    if found.is_dir():
        yield found
        return
    if not zipfile.is_zipfile(found):
        raise InvalidInput(f"{found} is neither a directory nor a zip of WordNet's database files.")
    with tempfile.TemporaryDirectory(prefix="augsvc-wordnet-") as directory:
        _unpack(found, Path(directory))
        yield Path(directory)


def _installed() -> Path:
    """Return NLTK's corpus, which its downloader leaves zipped; the corpus is WordNet 3.0 with its tag counts."""
    import nltk

    corpora = [Path(root, "corpora") for root in nltk.data.path]
    places = (folder / name for folder in corpora for name in ("wordnet", "wordnet.zip"))
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise InvalidInput("NLTK has no WordNet: run `nltk.download('wordnet')` in Python, or pass --wordnet.")
    return found


def _unpack(archive: Path, directory: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            name = PurePosixPath(member.filename).name
            if name in FILES:
                (directory / name).write_bytes(opened.read(member))
