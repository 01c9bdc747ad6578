from __future__ import annotations

import pytest
import resume

pytestmark = [
    pytest.mark.filterwarnings("ignore:This DataLoader will create"),
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:'set_vital' is deprecated"),
]


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    data = tmp_path_factory.mktemp("resume")
    resume.upload(data)
    return resume.maker(data, local=True)


def counted(tally):
    return (tally.lost, tally.doubled, tally.changed)


@pytest.mark.parametrize(("world", "workers"), [(1, 0), (2, 3), (3, 1), (5, 0), (7, 2), (96, 0)])
def test_every_topology_reads_one_order(make, world, workers):
    tally = resume.Tally()
    resume.same_order(tally, make, [world], [workers])
    assert (tally.read, *counted(tally)) == (resume.ROWS, 0, 0, 0)


def test_resumes_under_changed_topologies_lose_and_double_nothing(make):
    tally = resume.Tally()
    resume.resume(tally, make, 50)
    assert tally.points.total() >= 50
    assert any("own state" in kind for kind in tally.points)
    assert counted(tally) == (0, 0, 0)


def test_what_is_lost_doubled_or_changed_is_counted():
    whole = {0: (0, 5, "a"), 1: (1, 6, "b"), 2: (2, 7, "c")}
    tally = resume.Tally()
    tally.compare([(0, 5, "a"), (1, 6, "x"), (1, 6, "b")], whole)
    assert (tally.read, *counted(tally)) == (3, 1, 1, 1)
