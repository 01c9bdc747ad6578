from __future__ import annotations

import json

import ablations
import pytest
from ablations import (
    AUGMENTED,
    FEW_ROWS,
    NONE,
    batch_norm_of,
    by_peer,
    check_alike,
    differences,
    eda_of,
    keep,
    lines,
    operations,
    page,
    reports_of,
    significance,
    techniques_of,
    transformer_of,
    verdict,
)
from table import markdown

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
    return compare(experiment(), FEW_ROWS, range(2), folder=tmp_path)


def test_the_page_s_table_is_that_of_the_reports(report, tmp_path):
    keep(tmp_path / "pretrained-16.json", report)
    kept = [Report.model_validate_json(path.read_bytes()) for path in reports_of(tmp_path)]
    table = [line for line in page(kept).splitlines() if line.startswith("| 16 ")]
    assert [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table] == [*lines(report)]


def test_the_page_s_facts_are_those_of_the_reports(report):
    shown = page([report])
    wide = max(row.delta_ci95 for row in report.rows)
    assert "2 steps of 8 rows for all, 2 paired seeds,\n24 test rows. Augmentation is `synonym` at rate 0.1" in shown
    assert "dropout is 0.1;" in shown
    assert f"With 2 seeds a difference in accuracy is known to within {wide:.1f} points at 16 rows (" in shown
    assert f"accuracy is {report.row('none').accuracy:.1f} % at 16 rows." in shown


def changed(report, name, **figures):
    rows = [row.model_copy(update=figures) if row.name == name else row for row in report.rows]
    return report.model_copy(update={"rows": tuple(rows)})


def test_the_page_says_what_was_found_whatever_that_is(report):
    for name in ("augmentation", "all"):
        report = changed(report, name, p=0.5)
    assert "nor was it seen to harm" in verdict([report])
    clear = changed(report, "augmentation", p=0.01, delta=2.0, delta_ci95=1.0)
    assert "changed it by +2.0 ±1.0 points at 16 rows (*augmentation*); else" in verdict([report, clear])
    both = changed(clear, "all", p=0.01, delta=-2.0, delta_ci95=1.0)
    assert "(*augmentation*) and -2.0 ±1.0 points at 16 rows (*all*); else" in verdict([both])


@pytest.mark.parametrize(("found", "said"), [([0.3], "none has"), ([0.01, 0.3], "one has"), ([0.01] * 3, "3 have")])
def test_the_page_counts_what_is_below_five_per_cent(found, said):
    assert significance(found) == f"Of the {len(found)} differences {said} a p below .05"


def test_operations_are_told_with_their_rates():
    ops = [{"type": "synonym", "rate": 0.1}, {"type": "hypernym", "rate": 0.1}, {"type": "aeda", "rate": 0.1}]
    assert operations(ops[:1]) == "`synonym` at rate 0.1"
    assert operations(ops) == "`synonym`, `hypernym` and `aeda`, each at rate 0.1"
    assert operations([ops[0], ops[1] | {"rate": 0.2}]) == "`synonym` at rate 0.1 and `hypernym` at rate 0.2"


def test_reports_that_were_made_otherwise_make_no_page(report):
    check_alike([report, report])
    with pytest.raises(SystemExit, match="of different plans"):
        check_alike([report, report.model_copy(update={"test_rows": 1})])


@pytest.mark.parametrize("path", sorted(ablations.RESULTS.glob("*.json")), ids=lambda path: path.stem)
def test_every_report_that_is_kept_has_the_plans_of_its_rows(path):
    report = Report.model_validate_json(path.read_bytes())
    assert list(report.plans) == [row.name for row in report.rows]


def kept(name):
    return Report.model_validate_json((ablations.RESULTS / f"{name}.json").read_bytes())


TABLES = {
    "techniques": lambda: (ablations.TECHNIQUE_HEADINGS, techniques_of(kept("techniques"))),
    "eda": lambda: (ablations.EDA_HEADINGS, eda_of(ablations.RESULTS, ablations.SETS)),
    "batch-norm": lambda: (ablations.BATCH_NORM_HEADINGS, batch_norm_of(ablations.RESULTS)),
    "transformer": lambda: (ablations.TRANSFORMER_HEADINGS, transformer_of(kept("transformer"))),
}


@pytest.mark.parametrize("figures", TABLES)
def test_the_docs_have_the_tables_of_the_reports_that_are_kept(figures):
    assert markdown(*TABLES[figures]()) in ablations.ABLATION.read_text(encoding="utf-8")


def test_the_page_of_encoders_is_that_of_the_reports_that_are_kept():
    reports = [Report.model_validate_json(path.read_bytes()) for path in reports_of(ablations.RESULTS)]
    assert page(reports) in ablations.PAGE.read_text(encoding="utf-8")


def test_a_comparison_with_a_peer_pairs_seeds_and_pools_sets(report, tmp_path):
    none, augmented = report.row("none"), report.row("augmentation")

    def row_of(name, accuracies):
        seeds = [one.model_copy(update={"accuracy": a}) for one, a in zip(augmented.seeds, accuracies, strict=True)]
        return augmented.model_copy(update={"name": name, "seeds": tuple(seeds)})

    for number, name in enumerate(("one", "two")):
        flat, rising = [50.0 + number] * 2, [50.0 + number, 51.0 + number]
        ours = [row_of(preset, rising if preset == "eda" else flat) for preset in ablations.BESIDE_EDA]
        for who, rows in (("augsvc", ours), (ablations.PEER, [row_of(ablations.PEER, flat)])):
            keep(tmp_path / f"eda-{name}-{who}.json", report.model_copy(update={"rows": (none, *rows)}))
    rows = [*eda_of(tmp_path, ["one", "two"])]
    assert [row[:2] for row in rows] == [
        (preset, name) for preset in ("regularize", "eda") for name in ("one", "two", "all sets")
    ]
    assert [row[3:5] for row in rows[3:]] == [("50.5", "50.0"), ("51.5", "51.0"), ("51.0", "50.5")]
    assert [row[5] for row in rows[2::3]] == ["+0.0 ±0.0", "+0.5 ±0.9"]


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
    assert shown[5:] == ["+2.0", ""]  # no spread, no test
