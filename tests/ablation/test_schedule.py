"""Worker processes of an ablation."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from augsvc.ablation.experiment import Experiment
from augsvc.ablation.results import Run
from augsvc.ablation.schedule import run_all
from augsvc.errors import Unavailable
from augsvc.torch.regularizers import RegularizationPlan

RUN = """
import sys
from pathlib import Path
from augsvc.ablation.report import ablate
from augsvc.ablation.settings import settings_of

if __name__ == "__main__":
    train, test, vectors, folder = map(Path, sys.argv[1:])
    course = {"steps": 100_000, "batch_size": 8}
    given = {"train": train, "test": test, "vectors": vectors, "model": "dan", "n": 24, "plan": None}
    ablate(settings_of(course=course, **given), range(2), jobs=2, folder=folder)
"""


def children(pid):
    """The processes whose parent this is, and that compute."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and "spawn_main" in (status.parent / "cmdline").read_text():
            found.append(int(status.parent.name))
    return found


def lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_workers_end_with_a_parent_that_was_killed(files, tmp_path):
    script = tmp_path / "run.py"
    script.write_text(RUN, encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script), *map(str, files), str(tmp_path / "work")])
    try:
        assert until(lambda: len(children(parent.pid)) == 2, 60)
        workers = children(parent.pid)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert until(lambda: not any(map(lives, workers)), 120)


def test_a_process_that_was_killed_is_told(settings, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    runs = [Run(str(number), RegularizationPlan(), 0) for number in range(4)]
    with pytest.raises(Unavailable, match="A process ended before its run did"):
        list(run_all(Experiment(settings(model="models:deadly", steps=2)), runs, tmp_path, jobs=2))


def test_an_interruption_ends_what_has_begun_and_begins_nothing_else(settings, tmp_path):
    experiment, names = Experiment(settings(steps=2)), [str(number) for number in range(40)]
    running = run_all(experiment, [Run(name, RegularizationPlan(), 0) for name in names], tmp_path, jobs=2)
    next(running)
    with pytest.raises(KeyboardInterrupt):
        running.throw(KeyboardInterrupt())
    kept = len([*tmp_path.iterdir()])
    assert 1 <= kept <= 4
    time.sleep(1)
    assert len([*tmp_path.iterdir()]) == kept
