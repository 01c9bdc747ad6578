"""CoNLL-U in and out: every line stays, and what is no line is told by its number."""

from __future__ import annotations

import pytest

from augsvc.errors import InvalidInput
from augsvc.lexicon.conllu import parse, read

TEXT = (
    "# newdoc id = x\n\n# text = Don't go\n1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_\n"
    "1\tDo\tdo\tAUX\tVB\t_\t3\taux\t_\t_\n2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_\n"
    "2.1\t_\t_\t_\t_\t_\t_\t_\t_\t_\n3\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\tx=y\r\n\r\n1\tBye\t_\t_\t_\t_\t_\t_\t_\t_"
)


def parsed(text):
    return list(parse(text.encode().splitlines(keepends=True)))


def test_words_are_found_among_comments_multiword_tokens_and_empty_nodes():
    assert [sentence.words for sentence in parsed(TEXT)] == [[], ["Do", "n't", "go"], ["Bye"]]
    assert parsed(TEXT)[1].column(4) == ["VB", "RB", "VB"]


def test_every_byte_but_the_tags_stays_as_it_is():
    unchanged = [line for found in parsed(TEXT) for line in found.tagged(found.column(3), found.column(4))]
    assert "".join(unchanged) == TEXT
    tagged = parsed(TEXT)[1].tagged(["A", "B", "C"], ["a", "b", "c"])
    assert "".join(tagged).count("\tgo\tgo\tC\tc\t_\t0\troot\t_\tx=y\r\n") == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1\tword", "line 2 has 2 columns"),
        ("word", "line 2 has 1 columns"),
        ("x\tword" + "\t_" * 8, "line 2 begins with 'x'"),
        ("0\tword" + "\t_" * 8, "line 2 begins with '0'"),
        ("1\t" + "\t_" * 8, "line 2 has no word"),
    ],
)
def test_what_is_no_line_of_conllu_is_told_by_its_number(line, reason):
    with pytest.raises(InvalidInput, match=reason):
        parsed("# text\n" + line)


def test_a_line_that_is_not_utf8_is_told_by_its_number():
    with pytest.raises(InvalidInput, match="line 1 is not valid UTF-8"):
        list(parse([b"1\t\xff\n"]))


def test_a_treebank_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "bad.conllu").write_text("word\n")
    for name, reason in (("bad.conllu", "line 1"), ("none.conllu", "No such file")):
        with pytest.raises(InvalidInput, match=f"{name} is no treebank: .*{reason}"):
            read([tmp_path / name])
