"""Workspaces: lent to one caller at a time, and kept for the next, but not without bounds."""

from __future__ import annotations

import os

import pytest

from augsvc.pipeline.workspace import KEPT_BYTES, Workspace, borrow, give_back, of_pass


def test_what_is_given_back_is_lent_again() -> None:
    spaces = borrow()
    of_pass(spaces, 0)
    give_back(spaces)
    again, another = borrow(), borrow()
    assert again is spaces
    assert another is not spaces
    give_back(again)


def test_no_more_are_kept_than_can_be_at_work() -> None:
    most = os.cpu_count() or 1
    spaces = [[Workspace()] for _ in range(most + 3)]
    for one in spaces:
        give_back(one)
    kept = [borrow() for _ in spaces]
    assert kept == [*spaces[: -most - 1 : -1], [], [], []]


@pytest.mark.parametrize("sizes", [(0, 3, 0), (300, 5, 5000), (2 * KEPT_BYTES, 1)])
def test_texts_are_read_only_whatever_their_size(sizes: tuple[int, ...]) -> None:
    space = Workspace()
    for size in sizes:
        raw = b"x" * size
        text = space.text(raw)
        assert text[:size].tobytes() == raw
        assert not text.flags.writeable
