"""The examples of trainers run, and say what they prove."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import torch

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def example(monkeypatch, capsys):
    """Runs an example in this process, whose imports it shares, and returns what it printed."""
    monkeypatch.syspath_prepend(EXAMPLES)

    def run(name, *arguments):
        import_module(name).main(*([[*map(str, arguments)]] if arguments else []))
        return capsys.readouterr().out

    return run


@pytest.mark.filterwarnings("ignore")  # of the libraries, of one another
def test_a_hugging_face_trainer_resumes_without_computing_what_it_skips(example):
    said = example("hugging_face")
    assert "resumed for the last 100 steps: 400 rows augmented\nthe weights are equal, bit for bit\n" in said


@pytest.mark.filterwarnings("ignore")  # of the libraries, of one another
def test_lightning_resumes_in_mid_epoch(example):
    said = example("lightning_resume")
    assert "resumed at (1, 224)" in said
    assert "all 960 rows of 3 epochs once, and equal weights, bit for bit\n" in said


@pytest.mark.filterwarnings("ignore")  # of the libraries, of one another
def test_supervised_fine_tuning_has_other_text_in_every_epoch(example):
    fresh = re.fullmatch(r"48 texts an epoch, (\d+) of the second unlike any of the first\n", example("fine_tuning"))
    assert int(fresh[1]) >= 36


@pytest.fixture
def few(tmp_path):
    """Files of a few labelled messages to train on and to test with, and the texts of the former alone."""
    lines = (EXAMPLES / "data" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    for name, some in (("train", lines[:48]), ("test", lines[48:64])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(some), encoding="utf-8")
    (tmp_path / "few.txt").write_text("\n".join(json.loads(line)["text"] for line in lines[:60]), encoding="utf-8")
    return tmp_path


EPOCH = re.compile(r"epoch +(\d+): training loss ([\d.]+), ")


@pytest.mark.filterwarnings("ignore")  # of the libraries, of one another
@pytest.mark.parametrize("weight", ["0", "1"])
def test_an_encoder_is_fine_tuned_and_its_curve_drawn(example, few, weight):
    files = ["--train", few / "train.jsonl", "--test", few / "test.jsonl", "--plot", few / "curve.svg"]
    said = example("encoder", *files, "--epochs", 4, "--consistency", weight)
    losses = [float(loss) for _, loss in EPOCH.findall(said)]
    assert len(losses) == 4
    assert losses[-1] < losses[0]
    assert re.search(r"kept are the weights of epoch \d of 4: [\d.]+% of 16 held-out texts right\n", said)
    assert "<svg" in (few / "curve.svg").read_text()


@pytest.mark.filterwarnings("ignore")  # of the libraries, of one another
def test_a_pretrained_encoder_is_read_from_a_directory(example, few, monkeypatch):
    monkeypatch.syspath_prepend(EXAMPLES)
    encoder, folder = import_module("encoder"), few / "pretrained"
    tokens = encoder.tokenizer((few / "few.txt").read_text(encoding="utf-8").splitlines())
    tokens.save_pretrained(folder)
    encoder.bert(len(tokens), labels=7).save_pretrained(folder)
    files = ["--train", few / "train.jsonl", "--test", few / "test.jsonl", "--plot", few / "curve.svg"]
    assert len(EPOCH.findall(example("encoder", *files, "--model", folder, "--epochs", 1))) == 1


@pytest.mark.filterwarnings("ignore")  # of the libraries, of one another
def test_a_language_model_is_stopped_where_its_validation_loss_turns(example, few):
    plan = {"dropout": {"rate": 0}, "early_stopping": {"metric": "validation loss", "patience": 2}, "clip_norm": 1}
    (few / "plan.json").write_text(json.dumps(plan))
    options = ["--text", few / "few.txt", "--plan", few / "plan.json", "--plot", few / "curve.png"]
    said = example("language_model", *options)
    curve = [float(loss) for loss in re.findall(r"validation loss ([\d.]+)\n", said)]
    *measured, kept = curve
    best = int(re.search(r"validation loss turned after epoch (\d+)", said)[1])
    assert len(measured) == best + 3 < 100
    assert kept == measured[best] == min(measured)
    assert (few / "curve.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.filterwarnings("ignore")  # of the libraries, of one another
@pytest.mark.parametrize("steps", [1, 4, 6])
def test_a_language_model_goes_on_in_mid_epoch_bit_for_bit(example, few, steps):
    options = ["--text", few / "few.txt", "--epochs", 3, "--save-every", 1, "--plot", few / "curve.svg"]
    whole = example("language_model", *options, "--checkpoint", few / "whole.pt")
    first = example("language_model", *options, "--checkpoint", few / "cut.pt", "--steps", steps)
    rest = example("language_model", *options, "--checkpoint", few / "cut.pt")
    assert rest.startswith("goes on from {")
    assert EPOCH.findall(first + rest) == EPOCH.findall(whole)
    one, other = (torch.load(few / f"{name}.pt") for name in ("whole", "cut"))
    assert one["packed"] == other["packed"]
    pairs = zip(one["training"]["model"].values(), other["training"]["model"].values(), strict=True)
    assert all(torch.equal(*pair) for pair in pairs)


def test_a_curve_without_matplotlib_says_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.syspath_prepend(EXAMPLES)
    curves = import_module("curves")
    monkeypatch.setattr(curves, "find_spec", {}.get)
    curves.plot([{"loss": 1.0}], 0, tmp_path / "curve.svg")
    assert "pip install 'augsvc[examples]'" in capsys.readouterr().out
    assert not (tmp_path / "curve.svg").exists()


def test_copies_of_a_text_by_a_server_and_in_process_are_predicted_alike(example):
    said = example("test_time")
    assert "8 copies of each of 64 texts by the server and in process: equal predictions\n" in said
    assert len(re.findall(r"% right of \d+", said)) == 4


def test_two_ranks_of_which_one_is_killed_go_on_as_three():
    command = [sys.executable, EXAMPLES / "ddp.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("all 320 rows of the epoch, each once\n")
