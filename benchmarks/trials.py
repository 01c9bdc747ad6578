"""An augmenter's trial: the sentences of an epoch, of the next, and of the first again in another process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from difference import Edit, edits_between
from peers import Augmenter

# Batches large enough that the pipe costs little, and small enough that the bar moves with the slowest peer.
CHUNK = 250
OTHER_HASH_SEED = 4242

Advance = Callable[[int], None]
"""Called with how many texts are done."""


@dataclass(frozen=True)
class Trial:
    """What an augmenter did: texts by epoch and process, edits by its own list where it keeps one, and what it cost.

    `cpu_s` is for the texts of the first epoch without edits; `load_s`, `load_mb` and `peak_mb` are the process's.
    """

    texts: list[str]
    next_epoch: list[str]
    elsewhere: list[str]
    listed: list[list[Edit]] | None
    failed: int
    cpu_s: float
    load_s: float
    peak_mb: float

    def differences(self, originals: Sequence[str]) -> list[list[Edit]]:
        """Return the edits of the first epoch by comparing input and output."""
        return [edits_between(before, after) for before, after in zip(originals, self.texts, strict=True)]


def passes(name: str) -> int:
    """Return how many times a trial augments every text."""
    return 4 if name == "augsvc" else 3


def trial(name: str, texts: Sequence[str], advance: Advance, *arguments: str) -> Trial:
    """Run one augmenter of `worker.py` over the texts."""
    with Augmenter(name, *arguments) as augmenter:
        first = _epoch(augmenter, texts, advance)
        following = _epoch(augmenter, texts, advance, epoch=1)
        # before the edits are asked for: their objects are no part of what the texts need
        peak_mb = following[-1]["peak_mb"]
        listed = _listed(_epoch(augmenter, texts, advance, edits=True)) if name == "augsvc" else None
    with Augmenter(name, *arguments, hash_seed=OTHER_HASH_SEED) as other:
        elsewhere = _epoch(other, texts, advance)
    return Trial(
        texts=_joined(first),
        next_epoch=_joined(following),
        elsewhere=_joined(elsewhere),
        listed=listed,
        failed=sum(answer["failed"] for answer in first),
        cpu_s=sum(answer["cpu_s"] for answer in first),
        load_s=augmenter.loaded["load_s"],
        peak_mb=peak_mb,
    )


def _epoch(
    augmenter: Augmenter, texts: Sequence[str], advance: Advance, epoch: int = 0, *, edits: bool = False
) -> list[dict[str, Any]]:
    answers = []
    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        answers.append(augmenter.ask(chunk, range(start, start + len(chunk)), epoch, edits=edits))
        advance(len(chunk))
    return answers


def _joined(answers: Sequence[dict[str, Any]]) -> list[str]:
    return [text for answer in answers for text in answer["texts"]]


def _listed(answers: Sequence[dict[str, Any]]) -> list[list[Edit]]:
    return [[Edit(*edit) for edit in edits] for answer in answers for edits in answer["edits"]]
