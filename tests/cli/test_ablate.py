from __future__ import annotations

import json

import pytest

PLAN = {"dropout": {"rate": 0.2}, "penalty": {"l1": 0.1}, "ensemble": {"members": 2}}
ROWS = ["none", "dropout", "l1", "ensemble", "all", "all_but_dropout", "all_but_l1", "all_but_ensemble"]
WORDS = ("good", "fine", "bad", "poor", "the", "food", "was", "here", "really")


@pytest.fixture
def data(tmp_path):
    """TRAIN, TEST, vectors and a plan."""
    texts = [f"{(i % 2)}\tThe food here was really {WORDS[i % 2 * 2 + i // 2 % 2]}.\n" for i in range(40)]
    (tmp_path / "train.txt").write_text("".join(texts), encoding="utf-8")
    (tmp_path / "test.txt").write_text("".join(texts[:12]), encoding="utf-8")
    lines = (f"{word} {' '.join(str((i * j) % 7 - 3) for j in range(1, 9))}\n" for i, word in enumerate(WORDS, 1))
    (tmp_path / "vectors.txt").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(json.dumps(PLAN), encoding="utf-8")
    return tmp_path


def words(data, **given):
    options = {"n": 20, "seeds": 2, "steps": 4, "jobs": 1, "model": "dan", "work": data / "work"} | given
    options = {"plan": data / "plan.yaml", "vectors": data / "vectors.txt"} | options
    return [
        "ablate",
        data / "train.txt",
        data / "test.txt",
        *(part for n, v in options.items() for part in (f"--{n}", v)),
    ]


def test_a_table_a_document_and_a_page_come_out(run, data):
    outcome = run(*words(data, json=data / "out.json", html=data / "out.html"))
    assert outcome.status == 0, outcome.err
    document = json.loads((data / "out.json").read_text("utf-8"))
    assert [row["name"] for row in document["rows"]] == ROWS
    assert [seed["seed"] for seed in document["rows"][0]["seeds"]] == [0, 1]
    assert (data / "out.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert all(name in outcome.out for name in ROWS)
    assert "dan, 20 of 40 rows of train.txt, 2 classes, 12 test rows, 2 paired seeds" in outcome.out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"n": 41}, "TRAIN has 40: ask for 40 at most"),
        ({"model": "lstm"}, "there are cnn, dan, transformer, hf:DIR and module:function"),
        ({"plan": "strict"}, "no plan is named 'strict'"),
        ({"json": "/nowhere/out.json"}, "/nowhere is no directory"),
        ({"json": "/"}, "/ cannot be written"),
        ({"model": "json:nothing"}, "json:nothing cannot be imported"),
    ],
)
def test_faults_are_told_in_a_line(run, data, given, said):
    outcome = run(*words(data, **given))
    assert outcome.status != 0
    assert outcome.err.count("\n") == 1
    assert said in outcome.err


@pytest.mark.parametrize("options", [{"json": "train.txt"}, {"html": "plan.yaml"}, {"json": "a", "html": "./a"}])
def test_no_file_is_written_over_another_of_the_call(run, data, monkeypatch, options):
    monkeypatch.chdir(data)
    before = {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()}
    outcome = run(*words(data, **options))
    assert outcome.status != 0
    assert "is another file of this call" in outcome.err
    assert {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()} == before


def test_files_that_are_not_there_are_told(run, data):
    (data / "test.txt").unlink()
    outcome = run(*words(data))
    assert outcome.status == 1
    assert "test.txt: No such file" in outcome.err
