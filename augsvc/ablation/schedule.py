"""The runs of an experiment in parallel processes, those that are finished left out."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from threading import Thread

import torch

from augsvc.ablation.experiment import Experiment
from augsvc.ablation.figures import Figures
from augsvc.ablation.material import augmented
from augsvc.ablation.results import Results, Run
from augsvc.ablation.settings import Settings
from augsvc.errors import Unavailable
from augsvc.torch.regularizers import RegularizationPlan

Done = tuple[str, Figures]
Plans = Mapping[str, RegularizationPlan]


def finished(plans: Plans, seeds: Sequence[int], results: Results) -> tuple[list[Done], list[Run]]:
    """Return the runs whose figures are there, and those to be done: seed by seed, so that few make a paired table."""
    done, missing = [], []
    for seed in seeds:
        for row, plan in plans.items():
            run = Run(row, plan, seed)
            found = results.get(run)
            if found:
                done.append((row, found))
            else:
                missing.append(run)
    return done, missing


def run_all(experiment: Experiment, runs: Sequence[Run], folder: Path, jobs: int) -> Iterator[Done]:
    """Do runs, one thread each, keep the figures of each as soon as it ends, and yield them; errors pass through.

    Where it is interrupted or a run fails, what other processes have begun is finished and kept, and nothing else is
    begun. With one job, or another augmentation than ours, runs are done here, one after another.
    """
    if jobs == 1 or len(runs) < 2 or experiment.augment is not augmented:
        torch.set_num_threads(1)
        yield from (_kept(experiment, Results(folder), run) for run in runs)
        return
    # not forked: kernels and torch have threads
    context = multiprocessing.get_context("spawn")
    workers, left = min(jobs, len(runs)), iter(runs)
    with ProcessPoolExecutor(workers, context, _begin, (experiment.settings, folder)) as pool:
        running = {pool.submit(_run_here, run) for run in islice(left, workers)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            found = [_outcome(future) for future in done]
            # no more than can begin, as what is queued could not be taken back
            running |= {pool.submit(_run_here, run) for run in islice(left, len(found))}
            yield from found


def _outcome(future: Future[Done]) -> Done:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise Unavailable(
            "A process ended before its run did: memory may be short (ask for fewer jobs), "
            "or a script lacks `if __name__ == '__main__'`."
        ) from error


def _kept(experiment: Experiment, results: Results, run: Run) -> Done:
    figures = experiment.run(run.plan, run.seed)
    results.put(run, figures)
    return run.row, figures


_HERE: list[tuple[Experiment, Results]] = []
"""What a worker process holds."""


def _begin(settings: Settings, folder: Path) -> None:
    torch.set_num_threads(1)
    # an interruption is the parent's to answer: what has begun is finished and kept
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _HERE[:] = [(Experiment(settings), Results(folder))]


def _end_with_parent() -> None:
    """End when the parent has: a worker of one that was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_here(run: Run) -> Done:
    return _kept(*_HERE[0], run)
