"""Packs to test on: a tiny one, built from a WordNet written here, and the one that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from augsvc.lexicon import Lexicon
from augsvc.lexicon.builder import build

from .wordnet_fixture import write_wordnet


@pytest.fixture(scope="session")
def wordnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wordnet(tmp_path_factory.mktemp("wordnet"))


@pytest.fixture(scope="session")
def names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("names")
    (directory / "first.txt").write_text("Ada\nQueen\n")
    return directory


@pytest.fixture(scope="session")
def tiny_path(wordnet: Path, names: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(wordnet, None, names, tmp_path_factory.mktemp("pack") / "tiny.safetensors").path


@pytest.fixture(scope="session")
def tiny(tiny_path: Path) -> Lexicon:
    return Lexicon.open(tiny_path)


@pytest.fixture(scope="session")
def english() -> Lexicon:
    return Lexicon.open()
