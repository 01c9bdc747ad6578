from __future__ import annotations


def test_a_stream_tells_how_long_its_loop_waited(stream_of):
    stream = stream_of(batch_size=20)
    assert stream.stall_share is None
    assert all(0 < stream.stall_share <= 1 for _ in stream)
    assert 0 < stream.stall_share < 1


def test_each_pass_is_timed_from_its_beginning(stream_of):
    stream = stream_of(batch_size=20)
    list(stream)
    before = stream.stall_share
    passes = iter(stream)
    assert stream.stall_share == before
    next(passes)
    assert stream.stall_share == 1
