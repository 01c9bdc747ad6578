"""The safetensors format, read without copying.

A file is a little-endian u64 header length, a JSON header that names each tensor's type, shape and byte range, and the
tensors' bytes (https://github.com/huggingface/safetensors, "Format").
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from augsvc.errors import InvalidInput

Array: TypeAlias = npt.NDArray[Any]

DTYPES = {
    "I64": np.int64,
    "U8": np.uint8,
    "U16": np.uint16,
    "U32": np.uint32,
    "U64": np.uint64,
    "I8": np.int8,
    "I32": np.int32,
}
"""The tensor types a pack uses, by their safetensors names."""


def read_tensors(path: Path) -> tuple[dict[str, str], dict[str, Array]]:
    """Return the metadata and the tensors, read-only views of the mapped file.

    Raises:
        InvalidInput: the file is missing, or is not in this format.
    """
    try:
        data = np.memmap(path, np.uint8, "r")
        start = 8 + int(data[:8].view("<u8")[0])
        header = json.loads(data[8:start].tobytes())
        metadata = header.pop("__metadata__", {})
        return metadata, {name: _tensor(data[start:], entry) for name, entry in header.items()}
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InvalidInput(f"{path} is not a readable lexicon pack; build it with `augsvc lexicon build`.") from error


def _tensor(body: Array, entry: Mapping[str, Any]) -> Array:
    start, end = entry["data_offsets"]
    # As plain arrays: every slice of a memmap runs code of its class.
    return np.asarray(body[start:end]).view(DTYPES[entry["dtype"]]).reshape(entry["shape"])


def digest_of(tensors: Mapping[str, Array]) -> str:
    """Return the SHA-256, in hex, over the tensors' names and little-endian bytes in the order of names."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensors[name]).data)
    return digest.hexdigest()
