"""Writing a pack: one safetensors file whose header says what it was made from, and its checksum beside it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from augsvc.lexicon.builder.frequencies import frequency_file
from augsvc.lexicon.builder.unicode import VERSION as UNICODE_VERSION
from augsvc.lexicon.pack import PACK_VERSION
from augsvc.lexicon.tensors import Array, digest_of
from augsvc.lexicon.wordlists import digests

BUILDER_VERSION = 6
"""Changes whenever the same inputs give another pack."""


def write_pack(tensors: Mapping[str, Array], output: Path, inputs: Mapping[str, str]) -> str:
    """Write the tensors to `output` in one rename, its SHA-256 and header beside it, and return the content's digest.

    `inputs`, by name and SHA-256, are recorded in the header; so are our own lists.
    """
    from safetensors.numpy import save_file

    document = {
        "builder_version": BUILDER_VERSION,
        "digest": digest_of(tensors),
        "inputs": {**inputs, **digests()},
        "language": "en",
        "pack_version": PACK_VERSION,
        "unicode": UNICODE_VERSION,
    }
    # One metadata key: the library writes several in an order that changes from run to run.
    metadata = {"augsvc": json.dumps(document, sort_keys=True, separators=(",", ":"))}
    temporary = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        save_file(dict(tensors), temporary, metadata)
        temporary.chmod(0o644)
        temporary.replace(output)
    finally:
        temporary.unlink(missing_ok=True)
    output.with_name(f"{output.name}.sha256").write_text(f"{_sha256(output)}  {output.name}\n")
    output.with_suffix(".json").write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")
    return str(document["digest"])


def digests_of(inputs: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of each input by its name, and those of the tables of LemmInflect and wordfreq."""
    return {path.name: _sha256(path) for path in (*inputs, *_lemminflect(), frequency_file())}


def _lemminflect() -> list[Path]:
    from lemminflect import config

    return [Path(name) for name in (config.inflection_lu_fn, config.infl_overrides_fn, config.model_infl_fn)]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
