from __future__ import annotations

import pytest

from augsvc.torch.gauge import Gauge


class Clock:
    """Seconds that pass only when they are told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def take(self, seconds):
        for each in seconds:
            self.now += each
            yield each


def test_the_share_is_of_waiting_in_all_the_time_of_the_loop():
    clock = Clock()
    gauge = Gauge(clock)
    assert gauge.share is None
    for _ in gauge.watch(clock.take([3, 1, 1])):
        clock.now += 15
    assert gauge.share == pytest.approx(5 / 50)


def test_each_loop_is_timed_from_its_beginning():
    clock = Clock()
    gauge = Gauge(clock)
    list(gauge.watch(clock.take([9])))
    for _ in gauge.watch(clock.take([1, 1])):
        clock.now += 1
    assert gauge.share == pytest.approx(0.5)


def test_a_stream_tells_how_long_its_loop_waited(stream_of):
    stream = stream_of(batch_size=20)
    assert stream.stall_share is None
    assert all(0 < stream.stall_share <= 1 for _ in stream)
    assert 0 < stream.stall_share < 1
