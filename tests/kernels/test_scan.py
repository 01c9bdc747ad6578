"""The tokenizer against its twin of regular expressions, on generated and on real text."""

from __future__ import annotations

from hypothesis import example, given

from augsvc.batch import TextBatch, TokenBatch
from augsvc.types import PackTables

from .texts import QUICK, batches
from .twin_match import hash_of
from .twin_scan import Scanner

Row = list[tuple[int, ...]]


def scanned(texts: list[str], tables: PackTables) -> list[Row]:
    """Return (start, end, kind, flags, hash) of each token of each row, offsets counted from the row's start."""
    batch = TokenBatch.scan(TextBatch.from_strings(texts), tables)
    columns, rows = batch.columns, []
    for row, base in enumerate(batch.texts.offsets[:-1]):
        inside = slice(columns.first[row], columns.first[row + 1])
        fields = (columns.start[inside] - base, columns.end[inside] - base)
        others = columns.kind[inside], columns.flags[inside], columns.hash[inside]
        rows.append(list(zip(*(field.tolist() for field in (*fields, *others)), strict=True)))
    return rows


def expected(text: str, scanner: Scanner) -> Row:
    return [
        (token.start, token.end, int(token.kind), int(token.flags), hash_of(scanner.unicode.fold(token.text)))
        for token in scanner.tokens(text)
    ]


@given(texts=batches)
@example(texts=["@user's"])
@QUICK
def test_generated_text_is_tokenized_as_by_the_twin(texts: list[str], tables: PackTables, scanner: Scanner) -> None:
    assert scanned(texts, tables) == [expected(text, scanner) for text in texts]


def test_real_sentences_are_tokenized_as_by_the_twin(
    sentences: list[str], tables: PackTables, scanner: Scanner
) -> None:
    for text, row in zip(sentences, scanned(sentences, tables), strict=True):
        assert row == expected(text, scanner), text
