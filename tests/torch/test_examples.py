"""The examples of trainers run, and say what they prove."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def example(monkeypatch, capsys):
    """Runs an example in this process, whose imports it shares, and returns what it printed."""
    monkeypatch.syspath_prepend(EXAMPLES)

    def run(name):
        import_module(name).main()
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


def test_two_ranks_of_which_one_is_killed_go_on_as_three():
    command = [sys.executable, EXAMPLES / "ddp.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("all 320 rows of the epoch, each once\n")
