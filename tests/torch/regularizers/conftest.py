from __future__ import annotations

import multiprocessing

import pytest
import torch
from torch import distributed

SECONDS = 60


def _rank(function, folder, rank, world):
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", f"file://{folder}/group", rank=rank, world_size=world)
    try:
        torch.save(function(rank), folder / f"{rank}.pt")
    finally:
        distributed.destroy_process_group()


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def on_ranks(tmp_path):
    """Runs a function of the rank in two processes of a gloo group and returns what it has returned in each."""

    def run(function, world=2):
        context = multiprocessing.get_context("fork")
        processes = [context.Process(target=_rank, args=(function, tmp_path, rank, world)) for rank in range(world)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(SECONDS)
            process.kill()
        assert [process.exitcode for process in processes] == [0] * world
        return [torch.load(tmp_path / f"{rank}.pt") for rank in range(world)]

    return run
