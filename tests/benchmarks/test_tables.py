"""What the benchmarks print, and the text that they measure on."""

from __future__ import annotations

import pytest
import text
from table import WIDTH, print_table


def test_a_table_in_a_log_is_whole_and_its_notes_follow(capsys):
    print_table("Figures", ("", "aim", "found"), [("speed", ">= 15 x", "16.00 x")], ["Trust [ratios]."])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].rstrip() == "Figures"
    assert any(all(cell in line for cell in ("speed", ">= 15 x", "16.00 x")) for line in lines)
    assert lines[-1] == "Trust [ratios]."
    assert max(map(len, lines)) <= WIDTH


def test_running_text_is_repeated_to_the_size_that_is_asked_for(monkeypatch, tmp_path):
    for name in ("text/one.txt", "ud_ewt/en_ewt-ud-train.conllu", "ud_gum/en_gum-ud-train-ccby.conllu"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(f"# text = {'é' * 300}\n\n1\tno text\n", encoding="utf-8")
    monkeypatch.setattr(text, "DATA", tmp_path)
    texts = text.documents(1)
    sizes = [len(one.encode()) for one in texts]
    assert sum(sizes) - sizes[-1] < 1_000_000 <= sum(sizes)
    assert texts[:4] == [f"# text = {'é' * 300}", "1\tno text", "é" * 300, "é" * 300]


def test_without_the_corpora_a_benchmark_leaves_with_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(text, "DATA", tmp_path / "nowhere")
    with pytest.raises(SystemExit, match="set AUGSVC_REAL_TEXT"):
        text.documents(1)
