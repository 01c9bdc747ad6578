from __future__ import annotations

import threading
import time

import pytest

from augsvc.stages import Stages


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved on."""
    now = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def work(seconds):
        now[0] += seconds

    return work


def test_a_stage_leaves_out_those_inside_of_it_and_all_sum_to_the_whole(clock):
    stages = Stages()
    with stages("whole"):
        clock(1)
        for _ in range(2):
            with stages("outer"):
                clock(2)
                with stages("inner"):
                    clock(4)
                with stages("inner"):
                    clock(8)
        clock(16)
    assert stages.seconds() == {"whole": 17, "outer": 4, "inner": 24}


def test_a_stage_that_fails_is_counted_all_the_same(clock):
    stages = Stages()

    def fail():
        with stages("outer"), stages("inner"):
            clock(2)
            raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        fail()
    with stages("outer"):
        clock(1)
    assert stages.seconds() == {"outer": 1, "inner": 2}


def test_each_thread_counts_for_itself_and_what_it_counted_outlives_it(clock):
    stages = Stages()

    def work():
        with stages("inner"):
            clock(4)

    with stages("outer"):
        clock(1)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert stages.seconds() == {"outer": 5, "inner": 4}
