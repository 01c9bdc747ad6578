from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.client import pages
from augsvc.client.paging import Ramp, Span, whole
from augsvc.client.steps import led
from augsvc.errors import BadRequest, InvalidInput, TooLarge
from augsvc.order import Lane
from augsvc.views import Page


@st.composite
def lanes(draw):
    rows = draw(st.integers(1, 9))
    offset = draw(st.integers(0, 9))
    return Lane(offset, rows, offset + rows + draw(st.integers(0, 9)), draw(st.integers(0, 50)))


class Source:
    """An epoch of 400 rows without texts; pages hold no more than `most` rows."""

    view_id, rows, text_columns, schema = "0" * 32, 400, (), pa.schema([("_position", pa.int64())])

    def __init__(self, most=65_536):
        self.most, self.asked = most, []

    def page(self, epoch, start, rows, lane):
        self.asked.append((start, rows))
        if rows > self.most:
            raise TooLarge("Too much.", rows=self.most)
        found = lane.positions(start, rows, self.rows)
        after = int(found[-1]) + 1 if len(found) else self.rows
        table = pa.table({"_position": found})
        return Page(table, after if lane.next_position(after, self.rows) is not None else None)

    def pick(self, epoch, positions):
        raise NotImplementedError


def positions_of(reader):
    return np.concatenate([page.table["_position"].to_numpy() for page in reader]).tolist()


@given(lanes(), st.integers(0, 450), st.integers(0, 500), st.integers(1, 50), st.integers(1, 200), st.integers(1, 4))
def test_pages_are_the_lane_from_start_to_end(lane, start, end, first, rows, in_flight):
    start += lane.origin
    reader = pages(Source(), 0, start, lane, end=end, first=first, rows=rows, in_flight=in_flight)
    found = [page.table["_position"].to_numpy() for page in reader]
    assert np.concatenate(found).tolist() == lane.positions(start, 1_000, min(end, 400)).tolist()
    assert all(len(page) == min(rows, first * 2**number) for number, page in enumerate(found[:-1]))


@given(lanes(), st.integers(1, 90), st.integers(1, 40))
def test_texts_too_long_for_a_page_come_in_several(lane, rows, most):
    source = Source(most)
    reader = pages(source, 0, lane.origin, lane, first=rows, rows=rows)
    assert positions_of(reader) == lane.positions(lane.origin, 1_000, 400).tolist()


def test_a_page_that_is_too_large_for_any_length_is_an_error():
    with pytest.raises(TooLarge):
        next(pages(Source(most=0)))


def test_lengths_double_up_to_the_most():
    spans = list(Ramp(10, 70).spans(Lane(), 5, 300, 400))
    assert spans == [Span(5, 10), Span(15, 20), Span(35, 40), Span(75, 70), Span(145, 70), Span(215, 70), Span(285, 15)]


def test_nothing_to_read_is_an_empty_page_with_the_columns():
    (page,) = pages(Source(), start=50, end=50)
    assert (page.table.num_rows, page.table.column_names, page.next) == (0, ["_position"], None)


def test_wide_pages_are_followed_by_none_that_is_longer():
    ramp = Ramp(10, 1_000)
    spans = ramp.spans(Lane(), 0, 10_000, 10_000)
    lengths = [next(spans).rows for _ in range(3)]
    ramp.seen(Page(pa.table({"text": ["a" * 1_000_000] * 20}), 20))
    assert [*lengths, next(spans).rows, next(spans).rows] == [10, 20, 40, 20, 20]


def test_no_more_is_asked_for_than_an_epoch_has():
    source = Source()
    assert positions_of(pages(source, first=100, rows=100)) == list(range(400))
    assert sorted(source.asked) == [(0, 100), (100, 100), (200, 100), (300, 100)]


def test_the_last_answer_of_a_page_tells_what_is_next():
    page = led(whole(Span(0, 100)), lambda part: Source(30).page(0, part.start, part.rows, Lane()))
    assert (page.table.num_rows, page.next) == (100, 100)


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        (InvalidInput, {"start": 2, "lane": Lane(0, 1, 2, 3)}),
        (BadRequest, {"lane": "1:2"}),
        (InvalidInput, {"in_flight": 0}),
    ],
)
def test_what_is_no_share_is_refused(kind, arguments):
    with pytest.raises(kind):
        next(pages(Source(), **arguments))
