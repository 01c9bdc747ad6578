from __future__ import annotations

import json

import ablations
import pytest
from ablations import AUGMENTED, NONE, by_peer, differences, keep, lines, page, reports_of, techniques_of

from augsvc.ablation.experiment import Experiment
from augsvc.ablation.report import Report, compare
from augsvc.ablation.settings import settings_of

TEXTS = [f"{i % 2}\tThe food was {('bad', 'good')[i % 2]} today.\n" for i in range(24)]
VECTORS = "".join(f"{word} {i % 3} {i % 2} 1\n" for i, word in enumerate(("the", "food", "was", "bad", "good")))


@pytest.fixture
def experiment(tmp_path):
    """Makes an experiment of two steps."""
    for name, content in (("train.txt", "".join(TEXTS)), ("vectors.txt", VECTORS)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    train = tmp_path / "train.txt"
    given = {"train": train, "test": train, "vectors": tmp_path / "vectors.txt", "plan": None}
    course = {"steps": 2, "batch_size": 8}
    return lambda model="dan", **more: Experiment(settings_of(model=model, n=16, course=course, **given), **more)


@pytest.fixture
def report(experiment, tmp_path):
    return compare(experiment(), {"none": NONE, "augmentation": AUGMENTED}, range(2), folder=tmp_path)


def test_the_page_s_table_is_that_of_the_reports(report, tmp_path):
    keep(tmp_path / "pretrained-16.json", report)
    kept = [Report.model_validate_json(path.read_bytes()) for path in reports_of(tmp_path)]
    table = [line for line in page(kept).splitlines() if line.startswith("| 16 ")]
    assert [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table] == [*lines(report)]


@pytest.mark.parametrize("figures", ["techniques", "pretrained"])
def test_the_docs_have_the_tables_of_the_reports_that_are_kept(figures):
    if figures == "techniques":
        report = Report.model_validate_json((ablations.RESULTS / "techniques.json").read_bytes())
        table, page_file = ablations.markdown(ablations.TECHNIQUE_HEADINGS, techniques_of(report)), ablations.TECHNIQUES
    elif not ablations.PAGE.exists():
        pytest.skip(f"{ablations.PAGE.name} is not written yet")
    else:
        reports = [Report.model_validate_json(path.read_bytes()) for path in reports_of(ablations.RESULTS)]
        table, page_file = page(reports), ablations.PAGE
    assert table in page_file.read_text(encoding="utf-8")


def test_what_is_kept_names_no_place_of_this_machine(report, tmp_path):
    keep(tmp_path / "kept.json", report)
    document = (tmp_path / "kept.json").read_text("utf-8")
    assert str(tmp_path) not in document
    assert json.loads(document)["settings"]["train"] == "train.txt"


def test_a_peer_is_asked_for_every_epoch_and_copy(experiment, tmp_path):
    asked = []

    class Peer:
        def ask(self, texts, ids, epoch):
            asked.append((len(texts), len(ids), epoch))
            return {"texts": [text.upper() for text in texts]}

    compare(experiment(augment=by_peer(Peer())), {"none": NONE, "peer": AUGMENTED}, range(1), jobs=2, folder=tmp_path)
    assert asked == [(16, 16, 0)]


def test_a_deep_network_has_a_form_with_batch_normalization(experiment, tmp_path):
    plans = {"none": NONE, "batch_norm": ablations.RegularizationPlan.model_validate({"batch_norm": {}})}
    found = compare(experiment("ablations:DeepSigmoid"), plans, range(1), folder=tmp_path)
    assert [row.name for row in found.rows] == ["none", "batch_norm"]
    assert found.rows[0].seeds[0].curve != found.rows[1].seeds[0].curve


def test_differences_are_paired():
    shown = [*differences([72.0, 74.0], [71.0, 72.0], [70.0, 72.0])]
    assert shown[:3] == ["71.0", "73.0", "71.5"]
    assert shown[3].startswith("+1.5 ±")
    assert shown[5:] == ["+2.0 ±0.0", "0.000"]
