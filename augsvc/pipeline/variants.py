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
from augsvc.pipeline.follow import Passage
from augsvc.pipeline.run import BLOCK_BYTES, PassResult, run
from augsvc.pipeline.spec import Pipeline
from augsvc.pipeline.workspace import Workspace
from augsvc.types import Uint32s


class Mark(NamedTuple):
    """A span, [start, end) of its text, with its label if it has one."""

    start: int
    end: int
    label: tuple[int | str, ...] = ()


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
    ranges = [(0, mark.start, mark.end) for mark in marks]
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
        story = _story(stories, copy)
        texts = [text, *(result.out.row(copy) for result in passes)]
        passages = [Passage(*pair, edits) for pair, edits in zip(pairwise(texts), story, strict=True)]
        yield Variant(texts[-1], story, passages, pipeline.protect.spans)


def _story(stories: list[list[list[Piece]]], copy: int) -> list[list[Piece]]:
    """Return the pieces of a copy, pass by pass, their groups numbered through."""
    if len(stories) == 1:
        return [stories[0][copy]]
    story: list[list[Piece]] = []
    groups = 0
    for rows in stories:
        story.append([piece._replace(group=piece.group + groups) for piece in rows[copy]])
        groups = max([groups, *(piece.group + 1 for piece in story[-1])])
    return story
