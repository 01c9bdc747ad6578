"""The tokenizer by example: what becomes of each kind of text, tokens between bars."""

from __future__ import annotations

import pytest

from augsvc.types import PackTables, TokenFlag, TokenKind

from .plain import Token, scan, tokens_of


def cut(text: str, tables: PackTables) -> list[tuple[str, Token]]:
    raw = text.encode()
    return [(raw[t.start : t.end].decode(), t) for t in tokens_of(scan([text], tables).columns)[0]]


def words_with(flag: TokenFlag, text: str, tables: PackTables) -> str:
    return " ".join(word for word, token in cut(text, tables) if token.flags & flag)


WORDS = [
    ("The dogs ran.", "The|dogs|ran|."),
    ("  two\tlines\r\nhere ", "two|lines|here"),
    ('"Yes," (she) said...', '"|Yes|,|"|(|she|)|said|.|.|.'),
    ("wait—what", "wait|—|what"),
    ("“Curly,” ‘quotes’", "“|Curly|,|”|‘|quotes|’"),
    ("don't won't can't", "do|n't|wo|n't|ca|n't"),
    ("dog's I'm we're they've he'll she'd", "dog|'s|I|'m|we|'re|they|'ve|he|'ll|she|'d"),
    ("don’t dog’s", "do|n’t|dog|’s"),
    ("DON'T I'LL", "DO|N'T|I|'LL"),
    ("shouldn't've", "should|n't|'ve"),
    ("o'clock rock'n'roll O'Brien", "o'clock|rock'n'roll|O'Brien"),
    ("the dogs' 'tis", "the|dogs|'|'|tis"),
    ("well-known and/or R&D", "well|-|known|and|/|or|R|&|D"),
    ("non‑breaking", "non|‑|breaking"),
    ("naïve cafe\u0301 Ærø", "naïve|cafe\u0301|Ærø"),
    ("Привет, мир שלום हिन्दी", "Привет|,|мир|שלום|हिन्दी"),
    ("100\xa0km a\xa0dog", "100|km|a|dog"),
    ("😀👍🏽 ok", "😀|👍|🏽|ok"),
    ("#, @ -- *", "#|,|@|-|-|*"),
]

SPECIAL = [
    (TokenKind.URL, "https://example.org/a(b)?c=d#e, http://x.y. www.example.org! example.com co.uk", 5),
    (TokenKind.EMAIL, "me@example.org, first.last+tag@mail.example.co.uk.", 2),
    (TokenKind.NUMBER, "1 3.14 10,000 1990s 5th 50% $5 -3 1/2 24/7 10:30 x2 ١٢ ²", 14),
    (TokenKind.HASHTAG, "#tag #Tag_2 #été #1", 4),
    (TokenKind.MENTION, "@user @user_2 @Zoë", 3),
    (TokenKind.CODE, "`x = y` snake_case __init__ a::b key=value C:\\temp $name --flag /usr/bin ~/x f() a.b()", 12),
    (TokenKind.HTML, '<b> </b> <br/> <a href="x y"> <!-- note --> <!DOCTYPE html>', 6),
    (TokenKind.OTHER, "e.g. i.e. U.S. file.txt 日本語 カタカナ ภาษาไทย", 7),
    (TokenKind.PUNCT, ". , ! ? ; : ' \" ( ) [ ] { } - – — … / \\ & * @ # % 。", 26),
    (TokenKind.SYMBOL, "< > = + $ ^ ` | ~ € ™ 😀 \x00 \x7f", 14),
]


@pytest.mark.parametrize(("text", "tokens"), WORDS)
def test_plain_text_is_cut_into_words_clitics_and_marks(text: str, tokens: str, tables: PackTables) -> None:
    assert "|".join(word for word, _ in cut(text, tables)) == tokens


@pytest.mark.parametrize(("kind", "text", "count"), SPECIAL)
def test_what_is_no_word_is_one_token_of_its_kind(kind: TokenKind, text: str, count: int, tables: PackTables) -> None:
    kept = [word for word, token in cut(text, tables) if token.kind == kind]
    assert len(kept) == count
    assert {*"".join(text.split())} - {*"".join("".join(kept).split())} <= {*",.!"}


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("(see https://example.org).", "https://example.org"),
        ("Visit example.com.", "example.com"),
        ("It cost 10,000, then", "10,000"),
        ("Mail me@x.org.", "me@x.org"),
        ("She left in 1990.", "1990"),
        ("about #this!", "#this"),
        ("It is in file.txt.", "file.txt."),
    ],
)
def test_a_mark_that_closes_the_sentence_is_no_part_of_a_token(text: str, token: str, tables: PackTables) -> None:
    assert token in [word for word, _ in cut(text, tables)]


@pytest.mark.parametrize("text", ["a < b", "<3", "1 < 2 > 0", "x <= y", "a <b", "`open", "``", "`a\nb`", "< b>"])
def test_a_lone_bracket_or_backquote_opens_nothing(text: str, tables: PackTables) -> None:
    assert not {token.kind for _, token in cut(text, tables)} & {TokenKind.HTML, TokenKind.CODE}


@pytest.mark.parametrize(
    ("flag", "text", "words"),
    [
        (TokenFlag.CLITIC, "She's Bob's, isn't she? 's 'tis", "'s 's n't"),
        (TokenFlag.CLITIC, "@user's #tag's <b>Bob</b>'s", "'s 's 's"),
        (TokenFlag.JOINED, "well-known and/or x=y plain did not didn't", "well known and or did"),
        (TokenFlag.JOINED, "non‑breaking non–joined", "non breaking"),
        (TokenFlag.FIRST, "One two. Three? “Four” (five)! six… seven\neight, nine", "One Three Four six seven eight"),
        (TokenFlag.FIRST, "Mr. Smith", "Mr Smith"),
        (TokenFlag.FIRST, "http://x.org is up", ""),
        (TokenFlag.WIDE, "café cafe Ⅷ don’t über", "café über"),
    ],
)
def test_words_are_flagged_for_how_they_stand(flag: TokenFlag, text: str, words: str, tables: PackTables) -> None:
    assert words_with(flag, text, tables) == words


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("dog", 0),
        ("Dog", TokenFlag.TITLE),
        ("A", TokenFlag.TITLE),
        ("DOG", TokenFlag.UPPER),
        ("dOG", TokenFlag.MIXED),
        ("iPhone", TokenFlag.MIXED),
        ("McDonald", TokenFlag.MIXED),
        ("Été", TokenFlag.TITLE),
        ("ÉTÉ", TokenFlag.UPPER),
        ("Ǆ", TokenFlag.TITLE),
        ("ß", 0),
        ("ا", 0),
        ("E\u0301", TokenFlag.TITLE),
    ],
)
def test_a_word_is_plain_title_upper_or_mixed(word: str, case: int, tables: PackTables) -> None:
    (found, token), *_ = cut(word, tables)
    assert (found, token.flags & TokenFlag.MIXED) == (word, case)
