"""What labelled data holds, for the operations on spans to draw from: always in one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from augsvc.lexicon import Lexicon
from augsvc.pipeline.bio import entities
from augsvc.pipeline.results import Span
from augsvc.pipeline.tokens import Names, Tag, join


def mentions_of(texts: Iterable[str], spans: Iterable[Sequence[Span]]) -> dict[str, list[str]]:
    """Return the mentions of each label, sorted, for the `mentions` of `mention_replacement`.

    Args:
        texts: the texts.
        spans: for each text, [start, end, label] in code points; those without a label are passed over.
    """
    return _sorted(
        (str(span[2]), text[int(span[0]) : int(span[1])])
        for text, found in zip(texts, spans, strict=True)
        for span in found
        if len(span) > 2
    )


def mentions_in_tokens(
    tokens: Iterable[Sequence[str]],
    tags: Iterable[Sequence[Tag]],
    lexicon: Lexicon,
    names: Sequence[str] | None = None,
) -> dict[str, list[str]]:
    """Return the mentions of each label as `augsvc.augment_tokens` joins their tokens; see `mentions_of`.

    Raises InvalidInput for tags that are none.
    """
    known = Names(names)
    return _sorted(
        (entity.label, join(row[entity.start : entity.stop], number, lexicon.tables).text.decode())
        for number, (row, found) in enumerate(zip(tokens, tags, strict=True))
        for entity in entities(known.read(found, f"/tags/{number}"), f"/tags/{number}")
    )


def words_of_tokens(
    tokens: Iterable[Sequence[str]], tags: Iterable[Sequence[Tag]], names: Sequence[str] | None = None
) -> dict[str, dict[str, int]]:
    """Return how often each word bears each BIO tag, sorted, for the `words` of `label_wise_replacement`."""
    known, counts = Names(names), dict[str, Counter[str]]()
    for number, (row, found) in enumerate(zip(tokens, tags, strict=True)):
        for token, tag in zip(row, known.read(found, f"/tags/{number}"), strict=True):
            if token.isalpha():
                counts.setdefault(tag, Counter())[token] += 1
    return {tag: dict(sorted(counts[tag].items())) for tag in sorted(counts)}


def _sorted(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for label, mention in pairs:
        one = " ".join(mention.split())
        if one:
            found.setdefault(label, set()).add(one)
    return {label: sorted(found[label]) for label in sorted(found)}
