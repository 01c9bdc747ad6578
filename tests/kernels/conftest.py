"""What kernel tests share: the real pack as tables and as plain Python, a small world, and real sentences."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from augsvc.lexicon import Lexicon
from augsvc.types import PackTables

from .mini import MINI_WORDS, mini_tables
from .twin_match import Unicode, forms_of
from .twin_scan import Scanner


@pytest.fixture(scope="session")
def tables() -> PackTables:
    """The real pack's tables."""
    return Lexicon.open().tables


@pytest.fixture(scope="session")
def mini(tables: PackTables) -> PackTables:
    """A pack of a few words whose candidates, weights and flags are written out in mini.py."""
    return mini_tables(MINI_WORDS, tables)


@pytest.fixture(scope="session")
def unicode(tables: PackTables) -> Unicode:
    return Unicode(tables)


@pytest.fixture(scope="session")
def scanner(unicode: Unicode) -> Scanner:
    return Scanner(unicode)


@pytest.fixture(scope="session")
def form_ids(tables: PackTables) -> dict[str, int]:
    """Every form of the real pack with its id."""
    return {form: number for number, form in enumerate(forms_of(tables))}


@pytest.fixture(scope="session")
def sentences(shared_data: Path) -> list[str]:
    """About 1,200 real sentences: speeches, and the web's e-mails, reviews and newsgroups."""
    web = (shared_data / "ud_ewt" / "en_ewt-ud-dev.conllu").read_text(encoding="utf-8").splitlines()
    texts = [line.removeprefix("# text = ") for line in web if line.startswith("# text = ")][:800]
    for name in ("state_union.txt", "inaugural.txt"):
        lines = (shared_data / "text" / name).read_text(encoding="utf-8").splitlines()
        texts += islice((line for line in lines if line.strip()), 0, 1000, 5)
    return texts
