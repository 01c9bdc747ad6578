"""A contender's figures from what it did with the sentences."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from difference import Edit, replay
from judges import Sources, verdicts, words_of
from treebank import Sentence
from trials import Trial

LONG = 15
"""Texts of so many words or more should differ from epoch to epoch."""


@dataclass(frozen=True)
class Scores:
    """Figures of one contender: how often each judge said (judge, wrong), and shares of the sentences from 0 to 1.

    `examples` are the edits that a judge found wrong, as readable lines.
    """

    title: str
    trial: Trial
    counts: Counter[tuple[str, bool]]
    examples: dict[str, list[str]]
    changed: float
    altered: float
    identical: float
    different: float
    megabytes: float

    def edits(self) -> int:
        """Return the number of edits; an article's repair is none."""
        return self._total("name")

    def share(self, judge: str) -> str:
        """Return how often a judge said wrong, of how many."""
        total = self._total(judge)
        return f"{self.counts[judge, True] / total:.2%} of {total:,}" if total else "-"

    def per_10_000(self, judge: str) -> str:
        """Return how often a judge said wrong in 10,000."""
        total = self._total(judge)
        return f"{1e4 * self.counts[judge, True] / total:.1f}" if total else "-"

    def _total(self, judge: str) -> int:
        return self.counts[judge, True] + self.counts[judge, False]


def score(
    title: str, trial: Trial, edits: Sequence[Sequence[Edit]], sentences: Sequence[Sentence], sources: Sources
) -> Scores:
    """Judge a trial by the given edits of its first epoch, one list for each sentence."""
    counts: Counter[tuple[str, bool]] = Counter()
    examples: defaultdict[str, list[str]] = defaultdict(list)
    for sentence, changes in zip(sentences, edits, strict=True):
        for verdict in verdicts(sentence, changes, sources):
            counts[verdict.judge, verdict.wrong] += 1
            if verdict.wrong:
                examples[verdict.judge].append(_example(sentence, verdict.edit))
    rows = list(zip(sentences, edits, trial.texts, trial.next_epoch, trial.elsewhere, strict=True))
    return Scores(
        title=title,
        trial=trial,
        counts=counts,
        examples=examples,
        changed=_mean(bool(changes) for _, changes, *_ in rows),
        altered=_mean(replay(one.text, changes) != after for one, changes, after, *_ in rows),
        identical=_mean(after == elsewhere for *_, after, _, elsewhere in rows),
        different=_mean(after != following for one, _, after, following, _ in rows if len(words_of(one.text)) >= LONG),
        megabytes=sum(len(sentence.text.encode()) for sentence in sentences) / 1e6,
    )


def _mean(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / max(len(found), 1)


def _example(sentence: Sentence, edit: Edit) -> str:
    before, after = sentence.text[max(0, edit.start - 30) : edit.start], sentence.text[edit.end : edit.end + 20]
    tags = " ".join(sentence.tags(edit.start, edit.end))
    return f"{before}[{edit.original}/{tags} -> {edit.replacement}]{after}"
