"""Edits of one text over several passes, brought back to the offsets of the original; offsets are bytes of the row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from augsvc.pipeline.run import PassResult


class Piece(NamedTuple):
    """[start, end) of the text before became [result_start, result_end) of the text after."""

    start: int
    end: int
    result_start: int
    result_end: int
    ops: tuple[str, ...]
    group: int
    source: tuple[int, int] | None = None
    """The stretch of the text before that moved here, if one did."""

    @property
    def growth(self) -> int:
        """Bytes that the text gained here."""
        return self.result_end - self.result_start - self.end + self.start


def pieces(result: PassResult, names: Sequence[str]) -> list[list[Piece]]:
    """Return the edits of each output row of a pass whose operations are called `names`, groups numbered from 0."""
    edits, bounds = result.report.tolist(), result.work.edit_rows[: len(result.out) + 1].tolist()
    return [row_pieces(edits[first:last], names) for first, last in pairwise(bounds)]


def row_pieces(edits: list[list[int]], names: Sequence[str]) -> list[Piece]:
    """Return the edits of one row, as `splice` reports them."""
    numbers = dict[int, int]()
    return [
        Piece(
            start,
            end,
            result_start,
            result_end,
            ("article" if repair else names[step],),
            numbers.setdefault(group, len(numbers)),
            None if source < 0 else (source, source_end),
        )
        for start, end, result_start, result_end, repair, group, step, source, source_end in edits
    ]


def compose(first: list[Piece], second: list[Piece]) -> list[Piece]:
    """Return the pieces of two passes as pieces of one; those that overlap or touch across passes become one."""
    before = after = 0
    composed = []
    for early, late in _clusters(first, second):
        low = min([p.result_start for p in early] + [p.start for p in late])
        high = max([p.result_end for p in early] + [p.end for p in late])
        start, result_start = low - before, low + after
        before += sum(piece.growth for piece in early)
        after += sum(piece.growth for piece in late)
        members = [*early, *late]
        if len(members) == 1 and early:
            # as it was: a source is of the original
            composed.append(early[0]._replace(result_start=result_start, result_end=high + after))
            continue
        ops = tuple(dict.fromkeys(op for piece in members for op in piece.ops))
        composed.append(Piece(start, high - before, result_start, high + after, ops, min(p.group for p in members)))
    return composed


class _Cluster(NamedTuple):
    early: list[Piece]
    late: list[Piece]

    def reach(self, late: bool) -> int:
        """Return how far the pieces of one pass reach in the text between the passes."""
        if late:
            return self.late[-1].end if self.late else -1
        return self.early[-1].result_end if self.early else -1


def _clusters(first: list[Piece], second: list[Piece]) -> Iterator[_Cluster]:
    """Group pieces that overlap or touch, across passes, in the text between the two; yield them in its order."""
    spots = [(p.result_start, p.result_end, False, p) for p in first] + [(p.start, p.end, True, p) for p in second]
    open_clusters: list[_Cluster] = []
    for low, _, late, piece in sorted(spots, key=lambda spot: spot[:3]):
        joined = _Cluster([], [])
        while open_clusters and open_clusters[-1].reach(not late) >= low:
            below = open_clusters.pop()
            below.early.extend(joined.early)
            below.late.extend(joined.late)
            joined = below
        (joined.late if late else joined.early).append(piece)
        open_clusters.append(joined)
    yield from open_clusters


def remap(start: int, end: int, edits: Sequence[Piece]) -> tuple[int, int]:
    """Return where [start, end) lies after the edits; what is inserted at its edges stays outside."""
    new_start, new_end = start, end
    number = bisect_right(edits, start, key=attrgetter("start"))
    if number:
        piece = edits[number - 1]
        new_start = start + piece.result_end - piece.end if piece.end <= start else piece.result_start
    number = bisect_left(edits, end, key=attrgetter("start"))
    if number:
        piece = edits[number - 1]
        new_end = end + piece.result_end - piece.end if piece.end <= end else piece.result_end
    return new_start, max(new_start, new_end)


def touches(start: int, end: int, edits: Sequence[Piece]) -> bool:
    """Say whether an edit changes [start, end) or inserts at its edge."""
    first = bisect_left(edits, start, key=attrgetter("end"))
    return any(
        start <= piece.start <= end if piece.start == piece.end else piece.start < end and piece.end > start
        for piece in edits[first : bisect_right(edits, end, key=attrgetter("start"))]
    )
