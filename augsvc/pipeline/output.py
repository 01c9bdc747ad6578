"""Where passes write their text: each to an array of its own, or a batch's blocks one after the other to one."""

from __future__ import annotations

import numpy as np

from augsvc.types import Bytes


def new_bytes(size: int) -> Bytes:
    """Return room for a text of its own."""
    return np.empty(size, np.uint8)


class Output:
    """Text that is written piece by piece to one array: what is not touched costs no memory."""

    def __init__(self, expected: int) -> None:
        self.size = 0
        self._data = np.empty(expected + expected // 8, np.uint8)

    def room(self, size: int) -> Bytes:
        """Return the next `size` bytes to write to."""
        start, self.size = self.size, self.size + size
        if self.size > len(self._data):
            grown = np.empty(2 * self.size, np.uint8)
            grown[:start] = self._data[:start]
            self._data = grown
        return self._data[start : self.size]

    def data(self) -> Bytes:
        """Return all that was written, for good."""
        data = self._data[: self.size]
        data.setflags(write=False)
        return data
