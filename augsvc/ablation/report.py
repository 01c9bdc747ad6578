"""`ablate`: the whole experiment, and the report that comes out of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from platformdirs import user_cache_path

from augsvc.ablation.experiment import Experiment
from augsvc.ablation.figures import Figures
from augsvc.ablation.finite import Part
from augsvc.ablation.recorded import recorded
from augsvc.ablation.results import Results
from augsvc.ablation.schedule import finished, run_all
from augsvc.ablation.settings import Settings
from augsvc.ablation.table import Row, rows_of, target_of
from augsvc.ablation.techniques import NONE, as_run, plans_of
from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import RegularizationPlan
from augsvc.types import JsonObject

Advance = Callable[[float, float | None], None]
"""Called with how many runs are done, and how many there are."""


class Report(Part):
    """What an ablation found; `target` is the accuracy that steps and seconds are counted to, in per cent.

    It is JSON as RFC 8259 has it: what is missing, or not finite, is null.
    """

    settings: Settings
    """What was asked for; its `plan` is what `ablate` took apart, and null where `compare` was given plans."""
    plans: dict[str, JsonObject]
    """The plan of each row, with every setting and with the pipeline in the place of a preset's name."""
    classes: int
    train_rows: int
    test_rows: int
    target: float
    left_out: tuple[str, ...]
    """Techniques that the model has no form of."""
    rows: tuple[Row, ...]

    def row(self, name: str) -> Row:
        """Return a row by its name."""
        return next(row for row in self.rows if row.name == name)


def ablate(
    settings: Settings,
    seeds: Sequence[int],
    *,
    jobs: int = 1,
    target: float | None = None,
    folder: Path | None = None,
    advance: Advance = lambda _, __: None,
) -> Report:
    """Train a model with each technique of a plan alone, with all of them, with all but one and with none.

    All rows see the same training rows, first weights and orders under the same seed, so they are compared pairwise.

    Args:
        settings: data, model, plan and course.
        seeds: of the draws; two or more give intervals.
        jobs: processes, of one thread each.
        target: the accuracy that steps and seconds are counted to, in per cent; by default a little below the
            baseline's last.
        folder: where the figures of every finished run are kept, and looked for; by default in the user's cache.
        advance: is told how far the work is.

    Raises InvalidInput, InvalidCorpus or UnsupportedMedia for data that cannot be read or make no experiment.
    """
    if settings.plan is None:
        raise InvalidInput("an ablation needs a plan to take apart")
    experiment = Experiment(settings)
    plans = plans_of(settings.plan, batch_norm=experiment.batch_norm)
    found = compare(experiment, plans, seeds, jobs=jobs, target=target, folder=folder, advance=advance)
    left_out = () if experiment.batch_norm or settings.plan.batch_norm is None else ("batch_norm",)
    return found.model_copy(update={"settings": settings, "left_out": left_out})


def compare(
    experiment: Experiment,
    plans: Mapping[str, RegularizationPlan],
    seeds: Sequence[int],
    *,
    jobs: int = 1,
    target: float | None = None,
    folder: Path | None = None,
    advance: Advance = lambda _, __: None,
) -> Report:
    """Train a model under each of several plans, the first of which, `none`, is what the others are compared with.

    The plan of the experiment's settings is not looked at, and not in the report. Arguments and errors are those of
    `ablate`.
    """
    if not seeds:
        raise InvalidInput("an ablation needs one seed at least")
    if target is not None and not math.isfinite(target):
        raise InvalidInput(f"the target is a number of per cent, not {target}")
    settings, plans = experiment.settings, {name: as_run(plan) for name, plan in plans.items()}
    kept = (folder or user_cache_path("augsvc") / "ablations") / settings.fingerprint()
    done, missing = finished(plans, seeds, Results(kept))
    if missing:
        experiment.check_model()
    total = len(done) + len(missing)
    advance(len(done), total)
    for found in run_all(experiment, missing, kept, jobs):
        done.append(found)
        advance(len(done), total)
    figures = {name: _of(name, done) for name in plans}
    goal = target_of(figures[NONE]) if target is None else target
    return Report(
        settings=settings.model_copy(update={"plan": None}),
        plans={name: recorded(plan) for name, plan in plans.items()},
        classes=len(experiment.train.classes()),
        train_rows=len(experiment.train),
        test_rows=len(experiment.test),
        target=goal,
        left_out=(),
        rows=tuple(rows_of(figures, goal)),
    )


def _of(name: str, done: Sequence[tuple[str, Figures]]) -> list[Figures]:
    return sorted((figures for row, figures in done if row == name), key=lambda one: one.seed)
