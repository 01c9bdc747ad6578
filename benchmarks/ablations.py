"""Figures of regularizers beside those of `augsvc ablate`, each kept run by run, so that a cut-off call goes on.

`techniques`: the table of `augsvc ablate` on SST-2. `eda`: the presets `regularize` and `eda` against textaugment's EDA
and against none, in pairs over sets and seeds. `batch-norm`: steps of a deep sigmoid network to an accuracy, after
Ioffe and Szegedy, Batch normalization, ICML 2015. `transformer`: dropout and label smoothing of the small Transformer,
in kind after Vaswani et al., Attention is all you need, 2017, table 3, row D. `pretrained`: an encoder fine-tuned with
few rows, with and without augmentation and dropout. `--write` puts the tables into `docs/ablation.md`; for `pretrained`
it makes the page `docs/when-augmentation-helps.md` of the reports.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import stdev
from typing import Any

import torch
from peers import Augmenter, ensure_peers
from rich.progress import Progress
from table import DOCS, markdown, print_table, put_table
from text import corpora
from torch import Tensor, nn

from augsvc.ablation.experiment import Experiment
from augsvc.ablation.material import MOST_PERTURBED
from augsvc.ablation.report import Report, ablate, compare
from augsvc.ablation.settings import settings_of
from augsvc.ablation.statistics import difference, mean, mean_of_all
from augsvc.ablation.terminal import DIFFERS, cells, headline, with_interval
from augsvc.inprocess import PipelineLike
from augsvc.torch.regularizers import MaskedBatchNorm1d, RegularizationPlan

RESULTS = Path(__file__).parent / "results" / "ablations"
PAGE, ABLATION = DOCS / "when-augmentation-helps.md", DOCS / "ablation.md"
SETS = ["sst2", "cr", "trec"]
NONE = RegularizationPlan()
AUGMENTED = RegularizationPlan.model_validate({"augmentation": {}})


def main() -> None:
    """Run the figures that the command line names, print a table, and keep the report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", choices=FIGURES)
    parser.add_argument("--sets", nargs="+", default=SETS, help="folders of textcls (eda)")
    parser.add_argument("--n", nargs="+", type=int, help="rows drawn: 500; for pretrained 50, 100 and 500")
    parser.add_argument("--seeds", type=int, help="20 for eda, else 10")
    parser.add_argument("--steps", type=int, help="of each training")
    parser.add_argument("--encoder", type=Path, help="a folder of a pretrained encoder (pretrained)")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--output", type=Path, default=RESULTS, help="where reports are written")
    parser.add_argument("--write", action="store_true", help="write the reports' table into the docs")
    options = parser.parse_args()
    FIGURES[options.figures](options)


def techniques(options: argparse.Namespace) -> None:
    """Compare each technique of the default plan alone, all, all but each and none, as `augsvc ablate` does."""
    chosen = settings("sst2", "transformer", (options.n or [500])[0], options.steps)
    with progress("sst2") as advance:
        report = ablate(chosen, range(options.seeds or 10), jobs=options.jobs, advance=advance)
    keep(options.output / "techniques.json", report)
    print_table(headline(report), TECHNIQUE_HEADINGS, techniques_of(report))
    if options.write:
        put_table(ABLATION, "techniques", TECHNIQUE_HEADINGS, techniques_of(report))


CELLS = ("trained with", "accuracy %", "difference", "p", "gap", "NLL", "ECE %", "zeros %", "steps")
TECHNIQUE_HEADINGS = (*CELLS, "sd of accuracy", "sd of NLL")


def techniques_of(report: Report) -> Iterator[tuple[str, ...]]:
    """Yield a report's rows as the table of techniques has them."""
    for row in report.rows:
        yield (
            *cells(row)[: len(CELLS)],
            spread([one.accuracy for one in row.seeds]),
            spread([one.nll for one in row.seeds]),
        )


def spread(values: Sequence[float | None]) -> str:
    """Return the standard deviation of a figure over seeds, nothing where one has none."""
    there = [value for value in values if value is not None]
    return f"{stdev(there):.2f}" if len(there) == len(values) > 1 else ""


def eda(options: argparse.Namespace) -> None:
    """Compare presets with textaugment's EDA and with none, over sets, at equal steps."""
    if not ensure_peers():
        sys.exit("EDA is not at hand: see above")
    seeds = range(options.seeds or 20)
    plans = {name: RegularizationPlan.model_validate({"augmentation": {"pipeline": name}}) for name in BESIDE_EDA}
    for name in options.sets:
        chosen = settings(name, "transformer", (options.n or [500])[0], options.steps)
        ours = compared(Experiment(chosen), {"none": NONE, **plans}, seeds, options.jobs, f"{name}, augsvc")
        with Augmenter("eda-of-four") as augmenter:
            theirs = Experiment(chosen, by_peer(augmenter))
            peer = compared(theirs, {"none": NONE, PEER: AUGMENTED}, seeds, 1, f"{name}, {PEER}")
        peer.plans[PEER]["augmentation"]["pipeline"] = "eda-of-four of benchmarks/worker.py"
        keep(options.output / f"eda-{name}-augsvc.json", ours)
        keep(options.output / f"eda-{name}-{PEER}.json", peer)
    rows = [*eda_of(options.output, options.sets)]
    print_table(f"Accuracy, {len(seeds)} paired seeds a set, ± of a 95 % interval", EDA_HEADINGS, rows)
    if options.write:
        put_table(ABLATION, "EDA", EDA_HEADINGS, rows)


PEER = "textaugment"
BESIDE_EDA = ("regularize", "eda")
"""The presets that are compared with it."""
EDA_HEADINGS = ("preset", "set", "none %", "augsvc %", "EDA %", "augsvc - EDA", "p", "augsvc - none", "p")


def eda_of(folder: Path, sets: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield each preset's comparison on each set, from the reports that `eda` kept, and that on all sets together."""
    for preset in BESIDE_EDA:
        figures = [accuracies_beside_eda(folder, name, preset) for name in sets]
        for name, of_set in zip(sets, figures, strict=True):
            yield (preset, name, *differences(*of_set))
        together = ([value for one in figures for value in one[place]] for place in range(3))
        yield (preset, "all sets", *differences(*together))


def accuracies_beside_eda(folder: Path, name: str, preset: str) -> tuple[list[float], list[float], list[float]]:
    """Return the accuracies on a set by seed: a preset's, the peer's and the baseline's."""
    ours, peer = (
        Report.model_validate_json((folder / f"eda-{name}-{who}.json").read_bytes()) for who in ("augsvc", PEER)
    )
    return accuracies(ours, preset), accuracies(peer, PEER), accuracies(ours, "none")


def by_peer(augmenter: Augmenter) -> Callable[..., list[list[str]]]:
    """Return a peer in the place of our augmentation; it knows no keys, and draws on."""

    def augment(
        texts: Sequence[str], _: PipelineLike, *, seed: int, epoch: int, ids: Sequence[int], copies: int
    ) -> list[list[str]]:
        del seed
        return [augmenter.ask(texts, ids, epoch)["texts"] for _ in range(copies)]

    return augment


def differences(ours: Sequence[float], peer: Sequence[float], none: Sequence[float]) -> Iterator[str]:
    """Yield the means, and ours less the peer's and the baseline's with their p."""
    for values in (none, ours, peer):
        yield f"{mean(values).value:.1f}"
    for other in (peer, none):
        found = difference(ours, other)
        yield with_interval(found.value, found.ci95, sign="+")
        yield "" if found.p is None else f"{found.p:.3f}"


def pretrained(options: argparse.Namespace) -> None:
    """Fine-tune an encoder with few rows: none, augmentation, dropout and both, at equal steps."""
    if not options.encoder:
        sys.exit("name the folder of an encoder with --encoder")
    for n in options.n or (50, 100, 500):
        chosen = settings("sst2", f"hf:{options.encoder}", n, options.steps)
        report = compared(Experiment(chosen), FEW_ROWS, range(options.seeds or 10), options.jobs, f"{n} rows")
        keep(options.output / f"pretrained-{n}.json", report)
    reports = [Report.model_validate_json(path.read_bytes()) for path in reports_of(options.output)]
    print_table("Fine-tuning a pretrained encoder on SST-2", HEADINGS, (row for one in reports for row in lines(one)))
    if options.write:
        check_alike(reports)
        PAGE.write_text(page(reports), encoding="utf-8")


FEW_ROWS = {
    "none": NONE,
    "augmentation": AUGMENTED,
    "dropout": RegularizationPlan.model_validate({"dropout": {"rate": 0.1}}),
    "all": RegularizationPlan.model_validate({"dropout": {"rate": 0.1}, "augmentation": {}}),
}
"""What an encoder is fine-tuned with."""

HEADINGS = ("rows", "trained with", "accuracy %", "difference", "p", "ECE %", "typing noise %", "difference", "p")


def reports_of(folder: Path) -> list[Path]:
    """Return the reports that `pretrained` kept, the fewest rows first."""
    return sorted(folder.glob("pretrained-*.json"), key=lambda path: int(path.stem.rpartition("-")[2]))


def lines(report: Report) -> Iterator[tuple[str, ...]]:
    """Yield a report's rows as the table has them."""
    for row in report.rows:
        noise, base = row.robustness["robustness"], row.name == "none"
        ece = mean_of_all([seed.ece for seed in row.seeds])
        typed = mean([seed.robustness["robustness"] for seed in row.seeds])
        yield (
            str(report.settings.n),
            row.name,
            with_interval(row.accuracy, row.accuracy_ci95),
            "" if base else with_interval(row.delta, row.delta_ci95, sign="+"),
            "" if base or row.p is None else f"{row.p:.3f}",
            with_interval(ece.value, ece.ci95),
            with_interval(typed.value, typed.ci95),
            "" if base else with_interval(noise.delta, noise.delta_ci95, sign="+"),
            "" if base or noise.p is None else f"{noise.p:.3f}",
        )


def tested(reports: Iterable[Report]) -> Iterator[float]:
    """Yield the p of every difference of the table."""
    for row in (row for report in reports for row in report.rows if row.name != "none"):
        yield from (p for p in (row.p, row.robustness["robustness"].p) if p is not None)


def check_alike(reports: Sequence[Report]) -> None:
    """End where the reports are not of one experiment with more and more rows, or have no intervals."""
    made = [(one.plans, one.settings.course, one.test_rows, len(one.rows[0].seeds)) for one in reports]
    if any(one != made[0] for one in made):
        sys.exit("the reports are of different plans, steps, test rows or seeds: run those of all numbers of rows anew")
    if made[0][-1] < 2:
        sys.exit("one seed tells nothing: run two or more")


def page(reports: Sequence[Report]) -> str:
    """Return the page, whose figures are those of the reports."""
    template = (Path(__file__).parent / "when-augmentation-helps.md").read_text(encoding="utf-8")
    first = reports[0]
    return template.format(
        table=markdown(HEADINGS, (line for report in reports for line in lines(report))),
        seeds=len(first.rows[0].seeds),
        steps=first.settings.course.steps,
        batch_size=first.settings.course.batch_size,
        test_rows=f"{first.test_rows:,}",
        perturbed_rows=f"{min(first.test_rows, MOST_PERTURBED):,}",
        operations=operations(first.plans["augmentation"]["augmentation"]["pipeline"]["ops"]),
        dropout=first.plans["dropout"]["dropout"]["rate"],
        significance=significance([*tested(reports)]),
        verdict=verdict(reports),
        half_widths=by_rows(reports, lambda one: f"{max(row.delta_ci95 or 0 for row in one.rows):.1f} points"),
        accuracies=by_rows(reports, lambda one: f"{one.row('none').accuracy:.1f} %"),
    )


def operations(ops: Sequence[dict[str, Any]]) -> str:
    """Return the operations of a pipeline in words, with their rates."""
    if len(ops) > 1 and all(op["rate"] == ops[0]["rate"] for op in ops):
        names = listed([f"`{op['type']}`" for op in ops])
        return f"{names}, each at rate {ops[0]['rate']}"
    return listed([f"`{op['type']}` at rate {op['rate']}" for op in ops])


def significance(found: Sequence[float]) -> str:
    """Return how many of the differences have a p below .05, as the beginning of a sentence."""
    below = sum(p < DIFFERS for p in found)
    told = {0: "none has", 1: "one has"}.get(below, f"{below} have")
    return f"Of the {len(found)} differences {told} a p below .05"


def verdict(reports: Sequence[Report]) -> str:
    """Return what was found of augmentation and accuracy, as a sentence."""
    rows = [(report.settings.n, report.row(name)) for report in reports for name in ("augmentation", "all")]
    clear = [
        f"{with_interval(row.delta, row.delta_ci95, sign='+')} points at {n} rows (*{row.name}*)"
        for n, row in rows
        if row.p is not None and row.p < DIFFERS
    ]
    if clear:
        return (
            f"Augmentation by words changed it by {listed(clear)}; else it made no difference that these figures tell."
        )
    return (
        "Augmentation by words made no difference to it that these figures tell, so it is not to be expected to help; "
        "nor was it seen to harm."
    )


def by_rows(reports: Sequence[Report], told: Callable[[Report], str]) -> str:
    """Return a figure of each report with its number of rows, as a list in a sentence."""
    return listed([f"{told(report)} at {report.settings.n} rows" for report in reports])


def listed(parts: Sequence[str]) -> str:
    """Return parts as a list in a sentence."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


class DeepSigmoid(nn.Module):
    """The words' mean through layers of sigmoid units, each normalized over the batch or not at all."""

    def __init__(self, vectors: Tensor, classes: int, *, batch_norm: bool = False, layers: int = 5) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(vectors)
        widths = [vectors.shape[1], *[100] * layers]
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in pairwise(widths))
        self.norms = nn.ModuleList(MaskedBatchNorm1d(100) if batch_norm else nn.Identity() for _ in range(layers))
        self.scores = nn.Linear(100, classes)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Return the logits."""
        words = mask.unsqueeze(-1).to(torch.float32)
        hidden = (self.words(tokens) * words).sum(1) / words.sum(1)
        for layer, norm in zip(self.layers, self.norms, strict=True):
            hidden = norm(layer(hidden)).sigmoid()
        scores: Tensor = self.scores(hidden)
        return scores


def batch_norm(options: argparse.Namespace) -> None:
    """Count steps of a deep sigmoid network to a fixed accuracy, with and without batch normalization."""
    plans = {"none": NONE, "batch_norm": RegularizationPlan.model_validate({"batch_norm": {}})}
    n, seeds = (options.n or [2000])[0], range(options.seeds or 10)
    for rate in RATES:
        chosen = settings("sst2", "ablations:DeepSigmoid", n, options.steps or 400, learning_rate=rate, points=40)
        report = compared(Experiment(chosen), plans, seeds, options.jobs, f"learning rate {rate:g}", target=TARGET)
        keep(options.output / f"batch-norm-{rate:g}.json", report)
    rows = [*batch_norm_of(options.output)]
    print_table(f"Five layers of sigmoid units, {n} rows of SST-2", BATCH_NORM_HEADINGS, rows)
    if options.write:
        put_table(ABLATION, "batch normalization", BATCH_NORM_HEADINGS, rows)


RATES, TARGET = (1e-3, 3e-3, 1e-2, 3e-2), 65
"""Learning rates, and the accuracy in per cent that steps are counted to."""
BATCH_NORM_HEADINGS = ("", "learning rate", f"steps to {TARGET} %", "seeds that reach it", "accuracy at the end %")


def batch_norm_of(folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the reports that `batch_norm` kept, a learning rate after the other."""
    for rate in RATES:
        report = Report.model_validate_json((folder / f"batch-norm-{rate:g}.json").read_bytes())
        for row in report.rows:
            steps = "never" if row.steps_to_target is None else f"{row.steps_to_target:.0f}"
            accuracy = with_interval(row.accuracy, row.accuracy_ci95)
            yield row.name, f"{rate:g}", steps, f"{row.reached} of {len(row.seeds)}", accuracy


def transformer(options: argparse.Namespace) -> None:
    """Compare rates of dropout and label smoothing of the small Transformer."""
    plans = {
        f"dropout {rate}, label smoothing {smoothing}": RegularizationPlan.model_validate(
            {"dropout": {"rate": rate}, "label_smoothing": smoothing}
        )
        for rate in (0.0, 0.3, 0.5)
        for smoothing in (0.0, 0.1, 0.2)
    }
    plans = {"none": plans.pop("dropout 0.0, label smoothing 0.0"), **plans}
    chosen = settings("sst2", "transformer", (options.n or [500])[0], options.steps)
    report = compared(Experiment(chosen), plans, range(options.seeds or 10), options.jobs, "transformer")
    keep(options.output / "transformer.json", report)
    print_table("Dropout and label smoothing of the small Transformer", TRANSFORMER_HEADINGS, transformer_of(report))
    if options.write:
        put_table(ABLATION, "dropout and label smoothing", TRANSFORMER_HEADINGS, transformer_of(report))


TRANSFORMER_HEADINGS = ("", "accuracy %", "difference", "p", "gap", "NLL", "ECE %")


def transformer_of(report: Report) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the report that `transformer` kept."""
    return (tuple(cells(row)[: len(TRANSFORMER_HEADINGS)]) for row in report.rows)


def settings(name: str, model: str, n: int, steps: int | None, **course: Any) -> Any:
    """Return the settings for a set of `textcls`, with word vectors made as `augsvc ablate` makes them."""
    data = corpora()
    return settings_of(
        train=data / "textcls" / "train" / name / "train.txt",
        test=data / "textcls" / "test" / name / "test.txt",
        model=model,
        n=n,
        plan=None,
        unlabelled=(data / "text",),
        course={"steps": steps, **course},
    )


def compared(
    experiment: Experiment,
    plans: dict[str, RegularizationPlan],
    seeds: range,
    jobs: int,
    label: str,
    target: float | None = None,
) -> Report:
    """Run a comparison under a bar."""
    with progress(label) as advance:
        return compare(experiment, plans, seeds, jobs=jobs, target=target, advance=advance)


@contextmanager
def progress(label: str) -> Iterator[Callable[[float, float | None], None]]:
    """Show a bar, and give what moves it."""
    with Progress() as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def accuracies(report: Report, name: str) -> list[float]:
    """Return the accuracy of each seed, in their order."""
    return [one.accuracy for one in report.row(name).seeds]


def keep(path: Path, report: Report) -> None:
    """Write a report as JSON, without the paths of this machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = report.model_dump(mode="json")
    for name in ("train", "test", "model", "vectors"):
        if document["settings"][name]:
            document["settings"][name] = Path(document["settings"][name]).name
    document["settings"]["unlabelled"] = [Path(name).name for name in document["settings"]["unlabelled"]]
    path.write_text(json.dumps(document, indent=1, allow_nan=False) + "\n", encoding="utf-8")


FIGURES: dict[str, Callable[[argparse.Namespace], None]] = {
    "techniques": techniques,
    "eda": eda,
    "pretrained": pretrained,
    "batch-norm": batch_norm,
    "transformer": transformer,
}

if __name__ == "__main__":
    main()
