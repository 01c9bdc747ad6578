"""Training against a perceptron of a few lines of plain Python."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from augsvc.kernels.perceptron import Examples, Model, train_epoch

from .texts import QUICK
from .twin_tag import mix

FEATURES, TAGS = 6, 4

example = st.tuples(
    st.lists(st.integers(-1, FEATURES - 1), min_size=3, max_size=3),
    st.sets(st.integers(0, TAGS - 1), min_size=2),
    st.integers(0, TAGS - 1),
)


def twin(examples, order, margins, dropped):
    """Return the sums of all past weights: those after each step, added up."""
    weights = np.zeros((FEATURES, TAGS), np.int64)
    sums = np.zeros_like(weights)
    for step, number in enumerate(order):
        rows, tags, gold = examples[number]
        rows = [row for k, row in enumerate(rows) if row >= 0 and mix(k, step, 0) >> 56 >= dropped]
        scores = {tag: sum(weights[row, tag] for row in rows) for tag in sorted(tags | {gold})}
        rivals = [tag for tag in scores if tag != gold]
        rival = max(rivals, key=lambda tag: scores[tag] + margins[gold, tag])
        if scores[gold] < scores[rival] + margins[gold, rival]:
            for row in rows:
                weights[row, gold] += 1
                weights[row, rival] -= 1
        sums += weights
    return weights, sums


@given(
    examples=st.lists(example, min_size=1, max_size=12),
    margins=st.lists(st.integers(1, 3), min_size=TAGS**2, max_size=TAGS**2),
    dropped=st.integers(0, 256),
    data=st.data(),
)
@QUICK
def test_weights_and_their_sums_are_those_of_the_twin(examples, margins, dropped, data):
    leads = np.array(margins).reshape(TAGS, TAGS)
    order = data.draw(st.lists(st.integers(0, len(examples) - 1), min_size=1, max_size=30))
    columns = Examples(
        np.array([rows for rows, _, _ in examples], np.int32),
        np.array([sum(1 << tag for tag in tags) for _, tags, _ in examples], np.uint64),
        np.array([gold for _, _, gold in examples], np.uint8),
    )
    model = Model(np.zeros((FEATURES, TAGS), np.int32), np.zeros((FEATURES, TAGS), np.int64))
    step = train_epoch(columns, np.array(order), leads, dropped, 0, model)
    weights, sums = twin(examples, order, leads, dropped)
    assert step == len(order)
    assert (model.weight == weights).all()
    assert (model.weight * np.int64(step) - model.total == sums).all()
