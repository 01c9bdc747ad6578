"""The process of an augmenter, with augsvc's own: the peers are not needed."""

from __future__ import annotations

import pytest
from difference import Edit, replay
from peers import Augmenter, ensure_peers, profanities
from trials import passes, trial

TEXTS = ["She purchased a big house near the old river.", "", "The small dog ran home quickly."]


def test_a_trial_runs_every_pass_and_its_edits_replay_to_its_texts():
    done: list[int] = []
    found = trial("augsvc", TEXTS, done.append)
    assert sum(done) == passes("augsvc") * len(TEXTS)
    assert found.texts == found.elsewhere != TEXTS
    assert found.listed is not None
    assert [replay(text, edits) for text, edits in zip(TEXTS, found.listed, strict=True)] == found.texts
    assert (found.failed, found.texts[1]) == (0, "")
    assert min(found.cpu_s, found.load_s, found.peak_mb) > 0


def test_a_worker_answers_with_edits_where_they_are_asked_for():
    with Augmenter("augsvc") as augmenter:
        plain, listed = augmenter.ask(TEXTS, range(3)), augmenter.ask(TEXTS, range(3), edits=True)
    assert plain["texts"] == listed["texts"]
    assert all(Edit(*edit).original in TEXTS[0] for edit in listed["edits"][0])


def test_a_worker_that_ends_early_is_told_in_one_sentence(capfd):
    with pytest.raises(SystemExit, match=r"worker\.py augsvc ended early"):
        Augmenter("augsvc", "no such folder")
    assert "holds no cross-fitted taggers" in capfd.readouterr().err


def test_without_the_corpora_the_peers_are_left_out_with_a_sentence(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("peers.VENV", tmp_path)
    monkeypatch.setattr("peers.DATA", tmp_path / "nowhere")
    assert not ensure_peers()
    assert "The peers are left out" in capsys.readouterr().err


def test_lists_of_profanity_that_are_not_installed_are_left_out(monkeypatch, tmp_path):
    monkeypatch.setattr("peers.VENV", tmp_path)
    assert profanities() == {}
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "en.json").write_text('["Damn", "two words"]', encoding="utf-8")
    assert profanities() == {"naughty-words": frozenset(("damn", "two words"))}
