"""Gold words as places in the running text."""

from __future__ import annotations

from treebank import Sentence, Token, read_treebank

CONLLU = """\
# sent_id = 1
# text = He can't  go-go.
1\tHe\the\tPRON\tPRP\t_\t2\tnsubj\t_\t_
2-3\tcan't\t_\t_\t_\t_\t_\t_\t_\t_
2\tca\tcan\tAUX\tMD\t_\t0\troot\t_\t_
3\tn't\tnot\tPART\tRB\t_\t2\tadvmod\t_\t_
4\tgo\tgo\tVERB\tVB\t_\t2\tx\t_\tSpaceAfter=No
4.1\tghost\tghost\tNOUN\tNN\t_\t_\t_\t_\t_
5\t-\t-\tPUNCT\tHYPH\t_\t2\tx\t_\tSpaceAfter=No
6\tgo\tgo\tVERB\tVB\t_\t2\tx\t_\tSpaceAfter=No
7\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_

# text = Yes
1\tYes\tyes\tINTJ\tUH\t_\t0\troot\t_\t_
"""


def read(tmp_path) -> list[Sentence]:
    (tmp_path / "tiny.conllu").write_text(CONLLU, encoding="utf-8")
    return list(read_treebank(tmp_path / "tiny.conllu"))


def test_words_stand_where_the_text_has_them_without_ranges_and_empty_nodes(tmp_path):
    first, second = read(tmp_path)
    assert [first.text[token.start : token.end] for token in first.tokens] == [token.form for token in first.tokens]
    assert " ".join(token.form for token in first.tokens) == "He ca n't go - go ."
    assert second == Sentence("Yes", (Token(0, 3, "Yes", "UH"),))


def test_a_tag_is_given_for_exact_bounds_only_and_tags_for_any_touch(tmp_path):
    sentence = read(tmp_path)[0]
    assert sentence.tag(3, 5) == "MD"
    assert sentence.tag(3, 8) is None
    assert sentence.tags(3, 8) == ["MD", "RB"]
