from __future__ import annotations

import json
import math
import re
import sys
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
import torch
from pydantic import ValidationError

from augsvc.ablation.experiment import Experiment
from augsvc.ablation.figures import Figures, Point, accuracy, ece
from augsvc.ablation.imported import files_of_import
from augsvc.ablation.page import page
from augsvc.ablation.report import Report, ablate, compare
from augsvc.ablation.results import Results, Run
from augsvc.ablation.settings import settings_of
from augsvc.ablation.table import rows_of
from augsvc.ablation.techniques import plans_of
from augsvc.ablation.terminal import cells, notes
from augsvc.ablation.training import Training
from augsvc.errors import InvalidInput
from augsvc.pipeline.presets import PRESETS
from augsvc.torch.regularizers import RegularizationPlan, load_plan

NAMES = list(dict.fromkeys(["dropout", "l1", "l2", "augmentation", "early_stopping", "ensemble", "batch_norm"]))
ROWS = ["none", *NAMES, "all", *(f"all_but_{name}" for name in NAMES)]
FIELDS = {"name", "accuracy", "accuracy_ci95", "delta", "delta_ci95", "p", "gap", "nll", "ece", "zeros", "steps"}


def without_seconds(report):
    """What must be the same again: processor time never is."""
    return re.sub(r'"seconds(_to_target)?":[^,}]+', "", report.model_dump_json())


def test_a_report_has_every_row_and_is_the_same_again_in_other_processes(settings, tmp_path):
    chosen = settings()
    first = ablate(chosen, range(2), folder=tmp_path / "a")
    assert [row.name for row in first.rows] == ROWS
    assert all(row.model_dump().keys() >= FIELDS and len(row.seeds) == 2 for row in first.rows)
    assert first.row("l1").zeros > 5 > first.row("none").zeros
    assert first.row("none").delta == 0
    assert Report.model_validate_json(first.model_dump_json()) == first
    assert without_seconds(ablate(chosen, range(2), jobs=2, folder=tmp_path / "b")) == without_seconds(first)


def test_a_later_call_does_only_what_is_missing(settings, tmp_path, monkeypatch):
    chosen, told, begun = settings(steps=2), [], []
    ablate(chosen, range(1), folder=tmp_path / "work")
    kept = sorted((tmp_path / "work").rglob("*.json"))
    kept[0].unlink()
    kept[1].write_text("{half", encoding="utf-8")
    run = Training.run
    monkeypatch.setattr(Training, "run", lambda self: (begun.append(self), run(self)))
    ablate(chosen, range(1), folder=tmp_path / "work", advance=lambda done, total: told.append((done, total)))
    assert len(begun) == 2
    assert told == [(14, 16), (15, 16), (16, 16)]


def test_other_settings_or_data_are_another_experiment(settings, files, tmp_path):
    prints = {settings().fingerprint(), settings(n=20).fingerprint(), settings(steps=7).fingerprint()}
    other = tmp_path / "train.txt"
    other.write_bytes(files[0].read_bytes() + b"x\ty\n")
    assert len(prints | {settings(train=other).fingerprint(), settings(model="cnn").fingerprint()}) == 5


def test_what_a_user_s_model_imports_is_a_part_of_it(settings, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "made_of_parts.py").write_text("import its_part\n\n\ndef make(vectors, classes): ...\n", "utf-8")
    prints = set()
    for part in ("A = 1\n", "A = 2\n"):
        (tmp_path / "its_part.py").write_text(part, encoding="utf-8")
        prints.add(settings(model="made_of_parts:make").fingerprint())
    assert len(prints) == 2


def test_files_behind_a_model_are_the_user_s_alone(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    files = files_of_import("models:bag")
    assert Path(__file__).parent / "models.py" in files
    assert all(file.is_relative_to(Path(__file__).parent) for file in files)
    assert files_of_import("sys:exit") == []
    script = ModuleType("__main__")
    script.__file__ = str(Path(__file__).parent / "script.py")
    monkeypatch.setitem(sys.modules, "__main__", script)
    assert files_of_import("models:bag") == files


def test_another_split_of_the_same_lines_is_another_experiment(settings, files, tmp_path):
    lines = (files[0].read_bytes() + files[1].read_bytes()).splitlines(keepends=True)
    prints = set()
    for cut in (len(lines) // 2, len(lines) // 2 + 1):
        train, test = tmp_path / "train.txt", tmp_path / "test.txt"
        train.write_bytes(b"".join(lines[:cut]))
        test.write_bytes(b"".join(lines[cut:]))
        prints.add(settings(train=train, test=test).fingerprint())
    assert len(prints) == 2


def test_a_run_that_diverged_is_kept_as_any(tmp_path):
    figures = Figures(
        seed=1, accuracy=50, train_accuracy=50, gap=0, nll=math.nan, ece=50, zeros=0, steps=1, seconds=1,
        robustness={}, curve=(Point(step=1, seconds=1, loss=math.nan, accuracy=50),),
    )  # fmt: skip
    results, run = Results(tmp_path), Run("none", RegularizationPlan(), 1)
    results.put(run, figures)
    kept = results.get(run)
    assert kept == figures
    assert kept.nll is kept.curve[0].loss is None


def strict(text):
    """Read JSON as RFC 8259 has it."""

    def refuse(constant):
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


def test_a_report_of_trainings_that_diverged_is_strict_json_and_read_back(settings, tmp_path):
    chosen = settings()
    diverging = replace(chosen.course, learning_rate=1e30)
    report = ablate(chosen.model_copy(update={"course": diverging}), range(2), folder=tmp_path)
    document = strict(report.model_dump_json())
    none = report.row("none")
    assert none.nll is none.ece is none.seeds[0].nll is none.seeds[0].curve[-1].loss is None
    assert none.accuracy == none.gap == none.robustness["robustness"].accuracy == 0
    assert document["rows"][0]["nll"] is document["rows"][0]["seeds"][0]["nll"] is None
    assert Report.model_validate_json(report.model_dump_json()) == report
    assert ablate(chosen.model_copy(update={"course": diverging}), range(2), folder=tmp_path) == report
    assert cells(none)[5:7] == ["n/a", "n/a"]
    assert "n/a: not finite" in page(report)


def test_a_mean_over_seeds_of_which_one_diverged_is_missing():
    given = {"accuracy": 50, "train_accuracy": 50, "gap": 0, "ece": 50, "zeros": 0, "steps": 1, "seconds": 1}
    curve = (Point(step=1, seconds=1, loss=0.5, accuracy=50),)
    seeds = [Figures(seed=i, nll=nll, robustness={}, curve=curve, **given) for i, nll in enumerate((0.7, math.inf))]
    (row,) = rows_of({"none": seeds})
    assert row.nll is None
    assert (row.ece, row.accuracy) == (50, 50)


@pytest.mark.parametrize("number", [-1, 101])
def test_a_share_that_may_be_missing_is_still_a_share(number):
    given = {"accuracy": 50, "train_accuracy": 50, "gap": 0, "nll": 1, "zeros": 0, "steps": 1, "seconds": 1}
    with pytest.raises(ValidationError, match="ece"):
        Figures(seed=1, ece=number, robustness={}, curve=(), **given)


def test_a_row_of_nan_is_not_right():
    probabilities = torch.tensor([[math.nan, math.nan], [0.5, 0.5]])
    assert accuracy(probabilities, torch.tensor([0, 0])) == 50


def test_calibration_of_what_is_no_probability_is_missing_too():
    probabilities = torch.tensor([[math.nan, math.nan], [0.5, 0.5]])
    assert math.isnan(ece(probabilities, torch.tensor([0, 1])))


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_settings_of_a_report_are_finite(settings, tmp_path, number):
    with pytest.raises(InvalidInput, match="target"):
        ablate(settings(), range(1), target=number, folder=tmp_path)
    given = {"train": tmp_path, "test": tmp_path, "model": "dan", "plan": None}
    with pytest.raises(InvalidInput, match="learning rate"):
        settings_of(course={"learning_rate": number}, **given)


def test_a_report_has_the_plan_of_each_row_in_full(settings, tmp_path):
    report = ablate(settings(steps=2), range(1), folder=tmp_path)
    assert list(report.plans) == ROWS
    assert report.settings.plan is not None
    augmentation = report.plans["augmentation"]
    assert augmentation["augmentation"]["pipeline"] == PRESETS["regularize"].pipeline.document()
    assert augmentation["dropout"] is None
    assert load_plan(report.plans["l1"]) == plans_of(report.settings.plan)["l1"]
    assert escape('"type": "synonym"') in page(report)


def test_a_comparison_of_other_plans_has_them_and_no_other(settings, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    plans = {"none": RegularizationPlan(), "smooth": load_plan({"label_smoothing": 0.1})}
    report = compare(Experiment(settings(model="models:bag", steps=2)), plans, range(1), folder=tmp_path)
    assert report.settings.plan is None
    assert report.left_out == ()
    assert {name: load_plan(document) for name, document in report.plans.items()} == plans
    assert escape('"label_smoothing": 0.1') in page(report)
    assert Report.model_validate_json(report.model_dump_json()) == report


@pytest.mark.parametrize("model", ["bag", "moody"])
def test_a_user_s_model_is_trained_where_vmap_cannot_follow_it(settings, tmp_path, monkeypatch, model):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    report = ablate(settings(model=f"models:{model}", steps=2), range(1), folder=tmp_path)
    assert report.left_out == ("batch_norm",)
    assert [row.name for row in report.rows] == [name for name in ROWS if "batch_norm" not in name]
    assert report.row("ensemble").accuracy_ci95 is None


def test_a_plan_s_copies_are_told_to_be_the_ablation_s(settings, tmp_path):
    plan = tmp_path / "plan.json"
    plan.write_text('{"augmentation": {"copies": 4}, "ensemble": {"members": 2, "seed": 1152921504606846977}}')
    report = ablate(settings(steps=2, plan=str(plan)), range(1), folder=tmp_path)
    assert report.plans["all"]["augmentation"]["copies"] == 1
    assert "Not followed, as the ablation has its own: augmentation.copies, ensemble.seed." in [*notes(report)]


class Resources(HTMLParser):
    """Collects what a page would load, and its tags."""

    def __init__(self):
        super().__init__()
        self.loads, self.tags = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loads += [
            value
            for name, value in attrs
            if name in ("src", "href", "xlink:href", "data", "poster") and not value.startswith("#")
        ]


def test_the_page_needs_nothing_beside_it(settings, tmp_path):
    report = ablate(settings(steps=2), range(2), folder=tmp_path)
    shown, parser = page(report), Resources()
    parser.feed(shown)
    assert parser.loads == []
    assert not {"script", "link", "img", "iframe"} & set(parser.tags)
    assert "@import" not in shown
    assert "url(http" not in shown
    assert parser.tags.count("svg") == 3
    assert all(row.name in shown for row in report.rows)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"n": 10_000}, "ask for"),
        ({"model": "lstm"}, "there are cnn, dan, transformer"),
        ({"model": "nowhere:make"}, "cannot be imported"),
        ({"model": "hf:nowhere"}, "no config.json"),
        ({"model": "models:DIMENSIONS"}, "is no function"),
        ({"model": "models:broken"}, "pieces: TypeError: 'int'"),
        ({"model": "models:silent"}, "answers a NoneType where logits"),
        ({"model": "models:one_score"}, r"answers \[2, 1\] where logits \[2, 4\]"),
        ({"model": "models:frozen"}, "no parameter to train"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_is_trained(settings, tmp_path, monkeypatch, given, said):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setattr(Training, "run", None)
    with pytest.raises(InvalidInput, match=said):
        ablate(settings(**given), range(2), folder=tmp_path)
