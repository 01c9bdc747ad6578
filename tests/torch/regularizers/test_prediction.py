from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import Prediction

logits = st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(2, 4), st.integers(0, 2**31)).map(
    lambda shape: 3 * torch.randn(shape[:3], generator=torch.Generator().manual_seed(shape[3]))
)


@given(logits)
def test_disagreement_is_what_the_mean_is_less_sure_of_than_its_members(scores):
    prediction = Prediction.of_logits(scores)
    members = torch.distributions.Categorical(logits=scores).entropy().mean(0)
    torch.testing.assert_close(prediction.mutual_information + members, prediction.entropy, atol=1e-5, rtol=1e-5)
    assert (prediction.mutual_information >= 0).all()
    assert (prediction.entropy <= math.log(scores.shape[-1]) + 1e-5).all()


@given(logits)
def test_a_vote_is_for_a_class_that_most_members_chose(scores):
    prediction = Prediction.of_logits(scores)
    counts = [torch.bincount(row, minlength=scores.shape[-1]) for row in scores.argmax(-1).T]
    for row, (count, vote) in enumerate(zip(counts, prediction.vote.tolist(), strict=True)):
        assert count[vote] == count.max()
        tied = [place for place in range(len(count)) if count[place] == count.max()]
        assert prediction.mean[row, vote] == prediction.mean[row, tied].max()


def test_members_that_agree_leave_no_variance_and_no_disagreement():
    prediction = Prediction.of_logits(torch.tensor([[0.0, 2.0]]).expand(4, 1, 2))
    assert prediction.variance.tolist() == [[0.0, 0.0]]
    assert prediction.mutual_information.item() == pytest.approx(0, abs=1e-6)


def test_of_two_members_that_contradict_each_other_all_doubt_is_disagreement():
    prediction = Prediction(torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]]))
    assert prediction.entropy.item() == pytest.approx(math.log(2))
    assert prediction.mutual_information.item() == pytest.approx(math.log(2))
    assert prediction.votes.tolist() == prediction.mean.tolist() == [[0.5, 0.5]]
    assert prediction.variance.tolist() == [[0.25, 0.25]]


@pytest.mark.parametrize("shape", [(2, 3), (0, 2, 3)])
def test_probabilities_of_other_shapes_are_refused(shape):
    with pytest.raises(InvalidInput, match="members, rows, classes"):
        Prediction(torch.zeros(shape))
