"""Plain-Python twin of augsvc.kernels.gather: texts of some rows out of chunks of stretches of texts."""

from __future__ import annotations

from collections.abc import Sequence

Chunk = list[list[bytes]]
"""The texts of the stretches of a chunk; None in place of one stands for a chunk that is not mapped."""


def gather(rows: Sequence[int], chunks: Sequence[Chunk | None], chunk_rows: int) -> tuple[list[int], list[bytes]]:
    """Return for each row the number of its stretch, over all that are mapped, and its text."""
    texts, numbers, before = {}, {}, 0
    for chunk, stretches in enumerate(chunks):
        row = chunk * chunk_rows
        for number, stretch in enumerate(stretches or [], before):
            for text in stretch:
                texts[row], numbers[row] = text, number
                row += 1
        before += len(stretches or [])
    return [numbers[row] for row in rows], [texts[row] for row in rows]
