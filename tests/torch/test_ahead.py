from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from augsvc.torch.ahead import DEPTH, ahead


@pytest.mark.parametrize("count", [0, 1, 5])
def test_everything_comes_in_order_with_its_argument(count):
    assert list(ahead(lambda n: n * n, range(count))) == [(n, n * n) for n in range(count)]


def test_the_next_calls_run_while_the_current_result_is_used():
    started = [threading.Event() for _ in range(DEPTH + 2)]
    results = ahead(lambda n: started[n].set(), range(DEPTH + 2))
    next(results)
    assert all(event.wait(10) for event in started[:-1])
    assert not started[-1].is_set()
    results.close()


def test_an_error_is_raised_in_its_turn():
    results = ahead(lambda n: 6 // n, [3, 2, 0, 1])
    assert [next(results), next(results)] == [(3, 2), (2, 3)]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_stopping_early_does_not_wait_for_the_call_under_way():
    entered, release, left = threading.Event(), threading.Event(), threading.Event()

    def fetch(n):
        if n:
            entered.set()
            release.wait(60)
            left.set()

    results = ahead(fetch, range(3))
    next(results)
    assert entered.wait(10)
    results.close()
    assert not left.is_set()
    release.set()


def test_a_call_under_way_does_not_keep_the_process_from_ending():
    code = "import time; from augsvc.torch.ahead import ahead; next(ahead(lambda n: n and time.sleep(600), range(3)))"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
