"""Lists of English words and facts that the sources lack: `#` begins a comment, tabs separate columns."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the list `name`, each a tuple of its columns."""
    text = files(__package__).joinpath("english", f"{name}.txt").read_text("utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(tuple(line.split("\t")) for line in lines if line)


@cache
def words(name: str) -> frozenset[str]:
    """Return the list `name` as a set; a line may hold several words with commas between."""
    return frozenset(word.strip() for row in rows(name) for word in row[0].split(","))


def rule_files() -> list[str]:
    """Return the texts of the files of rewrite rules, in the order of their names."""
    entries = sorted(files(__package__).joinpath("english").iterdir(), key=lambda entry: entry.name)
    return [entry.read_text("utf-8") for entry in entries if entry.name.endswith(".rules")]


def digests() -> dict[str, str]:
    """Return the SHA-256 of each list, by file name."""
    entries = files(__package__).joinpath("english").iterdir()
    content = {entry.name: entry.read_bytes() for entry in entries if entry.name.endswith((".txt", ".rules"))}
    return {f"english/{name}": hashlib.sha256(content[name]).hexdigest() for name in sorted(content)}
