"""Compiling, or loading, every kernel before it is needed."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from augsvc import chunks
from augsvc.batch import Keys, TextBatch, TokenBatch
from augsvc.constraints import Protect
from augsvc.lexicon import Lexicon
from augsvc.lexicon.tagging import tag_words
from augsvc.ops import OPERATIONS
from augsvc.order import shuffled
from augsvc.pipeline.run import augment
from augsvc.pipeline.spec import Pipeline

Progress = Callable[[str, int, int], None]
"""Called with what comes next, how many steps are done, and how many there are."""


def warm(lexicon: Lexicon, progress: Progress | None = None, *, tagging: bool = False) -> float:
    """Compile every kernel that augmentation needs, or load it where it was compiled before; return the seconds taken.

    With `tagging` those of `tag_words`, too. Seconds to tens of seconds the first time on a machine, a fraction of one
    afterwards.
    """
    texts = TextBatch.from_strings(["A small dog ran to https://example.com."])
    keys = Keys.of_copies(0, 0, np.zeros(1, np.int64), 1)
    ops = tuple(op(rate=1, type=op.model_fields["type"].default) for op in OPERATIONS)
    steps: list[tuple[str, Callable[[], object]]] = [
        ("scan", lambda: TokenBatch.scan(texts, lexicon.tables)),
        *((op.type, lambda op=op: augment(texts, Pipeline(ops=(op,)), lexicon, keys)) for op in ops),
        ("passes", lambda: augment(texts, Pipeline(passes=(ops, ops), protect=Protect(words=("dog",))), lexicon, keys)),
        ("shuffle", lambda: shuffled(np.arange(2), size=2, seed=0, epoch=0, mode="global")),
        ("read", chunks.warm),
        *([("tag", lambda: tag_words([["A", "dog"]], lexicon))] if tagging else []),
    ]
    started = time.perf_counter()
    for done, (name, step) in enumerate(steps):
        if progress:
            progress(name, done, len(steps))
        step()
    if progress:
        progress("ready", len(steps), len(steps))
    return time.perf_counter() - started
