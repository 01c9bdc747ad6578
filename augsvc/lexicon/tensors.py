"""The safetensors format, read without copying.

A file is a little-endian u64 header length, a JSON header that names each tensor's type, shape and byte range, and the
tensors' bytes (https://github.com/huggingface/safetensors, "Format").
"""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from augsvc.errors import InvalidInput

if TYPE_CHECKING:
    import numpy.typing as npt

Array: TypeAlias = "npt.NDArray[Any]"

DTYPES = {"I64": "<i8", "U8": "<u1", "U16": "<u2", "U32": "<u4", "U64": "<u8", "I8": "<i1", "I32": "<i4"}
"""The tensor types a pack uses, by their safetensors names, as NumPy spells them: the last digit is bytes."""


class _Place(NamedTuple):
    """Where a tensor is in the file's body, and what it is."""

    dtype: str
    shape: list[int]
    data_offsets: list[int]


class MappedTensors(Mapping[str, Array]):
    """The tensors of a mapped file: read-only views, each made when it is first asked for.

    NumPy is not imported before: its import takes ten times as long as opening a pack.
    """

    def __init__(self, data: memoryview, begin: int, header: Mapping[str, Mapping[str, Any]]) -> None:
        self._body = data[begin:]
        self._places = {name: _place(entry, begin, len(self._body)) for name, entry in header.items()}
        self._made: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        """Return a tensor, always the same object; raises KeyError."""
        made = self._made.get(name)
        # of two threads that make it the first is heard
        return self._made.setdefault(name, self._view(self._places[name])) if made is None else made

    def __contains__(self, name: object) -> bool:
        """Say whether the file has a tensor, without making it."""
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        """Yield names in the order of the file's header."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._places)

    def _view(self, place: _Place) -> Array:
        import numpy as np

        start, end = place.data_offsets
        return np.frombuffer(self._body[start:end], DTYPES[place.dtype]).reshape(place.shape)


def _place(entry: Mapping[str, Any], begin: int, size: int) -> _Place:
    place, width = _Place(**entry), int(DTYPES[entry["dtype"]][-1])
    start, end = place.data_offsets
    numbers = [start, end, *place.shape]
    known = all(type(number) is int and 0 <= number <= size for number in numbers) and len(place.shape) in (1, 2)
    if not known or (begin + start) % width or end - start != prod(place.shape) * width:
        raise ValueError(f"{place} is not, or not aligned, in a body of {size} bytes from byte {begin} on")
    return place


def read_tensors(path: Path) -> tuple[dict[str, str], MappedTensors]:
    """Return the metadata and the tensors of a file, which is mapped.

    Raises:
        InvalidInput: the file is missing, or is not in this format.
    """
    try:
        with path.open("rb") as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        start = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(bytes(data[8:start]))
        metadata = header.pop("__metadata__", {})
        return metadata, MappedTensors(data, start, header)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(f"{path} is not a readable lexicon pack; build it with `augsvc lexicon build`.") from error


def digest_of(tensors: Mapping[str, Array]) -> str:
    """Return the SHA-256, in hex, over the tensors' names and little-endian bytes in the order of names."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].tobytes())
    return digest.hexdigest()
