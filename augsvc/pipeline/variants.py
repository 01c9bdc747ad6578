"""Copies of one text through all passes, and where its words went; offsets are bytes of the row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from augsvc.batch import Keys, TextBatch
from augsvc.constraints import SpanMode
from augsvc.lexicon import Lexicon
from augsvc.pipeline.compose import Piece, pieces
from augsvc.pipeline.follow import Labels, Passage
from augsvc.pipeline.labelled import Mark, SpanStage
from augsvc.pipeline.run import BLOCK_BYTES, PassResult, run
from augsvc.pipeline.spec import Pipeline
from augsvc.pipeline.workspace import Workspace
from augsvc.types import Uint32s


class Variant(NamedTuple):
    """A copy: its text, the edits of each pass, their groups numbered through, and the way from pass to pass."""

    text: bytes
    story: list[list[Piece]]
    passages: list[Passage]
    mode: SpanMode

    def place(self, start: int, end: int, mode: SpanMode | None = None) -> tuple[int, int] | None:
        """Return where a span is after all passes, as `protect.spans` or `mode` says; None for one that is no more."""
        place: tuple[int, int] | None = (start, end)
        for passage in self.passages:
            if place is not None:
                place = passage.place(*place, mode or self.mode)
        return place


def variants(
    text: bytes,
    pipeline: Pipeline,
    lexicon: Lexicon,
    keys: Uint32s,
    marks: Sequence[Mark],
    spaces: list[Workspace],
) -> Iterator[Variant]:
    """Yield the text under each of the keys, u32[copies, 2], its marks protected if the pipeline says so."""
    if pipeline.span_ops and marks:
        stage = SpanStage(text, marks, pipeline, lexicon)
        for key in keys:
            changed, edits = stage.apply(key)
            first = Labels(text, changed, edits, marks)
            places = [first.place(mark.start, mark.end, "follow") or (0, 0) for mark in marks]
            for variant in _passed(changed, pipeline, lexicon, key[None], places, spaces):
                story = _renumbered([edits, *variant.story])
                yield variant._replace(story=story, passages=[first, *variant.passages])
        return
    yield from _passed(text, pipeline, lexicon, keys, [mark[:2] for mark in marks], spaces)


def _passed(
    text: bytes,
    pipeline: Pipeline,
    lexicon: Lexicon,
    keys: Uint32s,
    places: Sequence[tuple[int, int]],
    spaces: list[Workspace],
) -> Iterator[Variant]:
    ranges = [(0, *place) for place in places]
    batch = TextBatch(np.frombuffer(text, np.uint8), np.array([0, len(text)], np.int64))
    # so many copies at a time as make a block
    some = max(1, BLOCK_BYTES // max(1, len(text)))
    for first in range(0, len(keys), some):
        part = keys[first : first + some]
        own = Keys(part, np.zeros(len(part), np.int64), len(part))
        yield from _copies(text, run(batch, pipeline, lexicon, own, spaces, ranges), pipeline)


def _copies(text: bytes, passes: list[PassResult], pipeline: Pipeline) -> Iterator[Variant]:
    stories = [pieces(result, stage) for result, stage in zip(passes, pipeline.names, strict=True)]
    for copy in range(len(passes[-1].out)):
        rows = [story[copy] for story in stories]
        story = rows if len(rows) == 1 else _renumbered(rows)
        texts = [text, *(result.out.row(copy) for result in passes)]
        passages = [Passage(*pair, edits) for pair, edits in zip(pairwise(texts), story, strict=True)]
        yield Variant(texts[-1], story, passages, pipeline.protect.spans)


def _renumbered(story: list[list[Piece]]) -> list[list[Piece]]:
    """Return the pieces of passes with their groups numbered through."""
    groups, found = 0, list[list[Piece]]()
    for edits in story:
        found.append([piece._replace(group=piece.group + groups) for piece in edits])
        groups = max([groups, *(piece.group + 1 for piece in found[-1])])
    return found
