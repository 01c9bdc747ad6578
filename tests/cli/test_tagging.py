"""`augsvc lexicon tag`: a CoNLL-U file in, the same file out with tags."""

from __future__ import annotations

import pytest

BLANK = (
    "# text = The dogs ran.\n1\tThe\t_\t_\t_\t_\t_\t_\t_\t_\n2\tdogs\t_\t_\t_\t_\t_\t_\t_\t_\n"
    "3-4\tran.\t_\t_\t_\t_\t_\t_\t_\t_\n3\tran\t_\t_\t_\t_\t_\t_\t_\t_\n4\t.\t_\t_\t_\t_\t_\t_\t_\t_\n\n"
)
TAGGED = BLANK
for word, tags in {"The": "DET\tDT", "dogs": "NOUN\tNNS", "ran": "VERB\tVBD", ".": "PUNCT\t."}.items():
    TAGGED = TAGGED.replace(f"\t{word}\t_\t_\t_", f"\t{word}\t_\t{tags}")


@pytest.fixture
def blank(tmp_path):
    path = tmp_path / "in.conllu"
    path.write_text(BLANK * 3)
    return path


def test_only_tags_are_filled_in(run, blank, tmp_path):
    outcome = run("lexicon", "tag", blank, "-o", tmp_path / "out.conllu")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert (tmp_path / "out.conllu").read_text() == TAGGED * 3


def test_standard_input_and_output_do_as_well(process):
    assert process("lexicon", "tag", "-", stdin=BLANK.encode()).out == TAGGED


def test_the_chunks_a_file_is_read_in_do_not_show(run, blank, monkeypatch):
    monkeypatch.setattr("augsvc.cli.lexicon.CHUNK_SENTENCES", 2)
    assert run("lexicon", "tag", blank).out == TAGGED * 3


def test_a_bad_line_is_told_by_its_number_and_leaves_no_output(run, blank, tmp_path):
    blank.write_text(BLANK + "oops\n")
    outcome = run("lexicon", "tag", blank, "-o", tmp_path / "out.conllu")
    assert outcome.status == 1
    assert outcome.err == "augsvc: line 8 has 1 columns: CoNLL-U has 10, with tabs between\n"
    assert list(tmp_path.iterdir()) == [blank]


@pytest.mark.parametrize(("arguments", "fix"), [(["none.conllu"], "name a file"), (["-", "-o", "none/x"], "create it")])
def test_misuse_is_one_line(run, arguments, fix):
    outcome = run("lexicon", "tag", *arguments)
    assert outcome.status == 2
    assert fix in outcome.err
