from __future__ import annotations

import math
from copy import deepcopy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from transformers import BartConfig, BartModel, BertConfig, BertModel

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import DropoutSchedule, LayerDrop, LockedDropout, WordDropout, set_dropout

TINY = {"vocab_size": 30, "d_model": 8, "encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 8}


def encoder():
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.3, batch_first=True)
    return nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)


def randomness(model, *inputs):
    """How far two passes in training are apart."""
    with torch.no_grad():
        return float((model(*inputs) - model(*inputs)).abs().max())


def test_all_dropout_of_a_transformer_is_set_attention_weights_too():
    model, x = encoder(), torch.randn(2, 4, 8)
    assert set_dropout(model, 0.0) == 2 * 4
    assert randomness(model, x) == 0
    set_dropout(model, 0.5)
    assert model.layers[0].self_attn.dropout == model.layers[1].dropout1.p == 0.5
    assert randomness(model, x) > 0


@pytest.mark.parametrize(
    "model",
    [
        BertModel(BertConfig(vocab_size=30, hidden_size=8, num_hidden_layers=1, num_attention_heads=2)),
        BartModel(BartConfig(**TINY, decoder_ffn_dim=8, encoder_attention_heads=2, decoder_attention_heads=2)),
    ],
    ids=["modules", "numbers"],
)
def test_so_is_all_of_models_of_hugging_face(model):
    ids = torch.arange(12).view(2, 6)

    def ask(ids):
        return model(ids).last_hidden_state

    model.train()
    assert randomness(ask, ids) > 0
    set_dropout(model, 0.0)
    assert randomness(ask, ids) == 0


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
def test_rnns_have_dropout_only_between_layers(kind):
    assert set_dropout(kind(3, 3, num_layers=2), 0.2) == 1
    with pytest.raises(InvalidInput, match="no dropout"):
        set_dropout(kind(3, 3), 0.2)


def test_our_own_are_set_but_not_which_layers_are_left_out():
    model = nn.ModuleList([LockedDropout(0.1), WordDropout(0.1, 1), LayerDrop([nn.Linear(2, 2)], 0.1)])
    assert set_dropout(model, 0.4) == 2
    assert [model[0].p, model[1].p, model[2].p] == [0.4, 0.4, 0.1]


def test_numbers_are_rates_by_their_names_and_values():
    model = nn.Module()
    rates = {"dropout": 0, "attention_dropout": 0.1, "hidden_dropout_prob": 1.0}
    others = {"num_dropout": 1, "n_dropout": 0, "num_dropout_rate": 0.5, "layer_dropout": 3, "dropout_p": -1, "p": 0.5}
    vars(model).update(rates | others)
    assert set_dropout(model, 1) == 3
    assert set_dropout(model, 0.3) == 3
    assert {name: getattr(model, name) for name in rates | others} == dict.fromkeys(rates, 0.3) | others


@pytest.mark.parametrize("rate", [-0.1, 1.1, math.nan])
def test_rates_out_of_range_are_refused(rate):
    with pytest.raises(InvalidInput, match="0 to 1"):
        set_dropout(nn.Dropout(), rate)
    with pytest.raises(InvalidInput, match="0 to 1"):
        DropoutSchedule(nn.Dropout(), rate)


def test_a_model_without_dropout_can_only_be_told_to_have_none():
    assert set_dropout(nn.Linear(2, 2), 0.0) == 0
    DropoutSchedule(nn.Linear(2, 2), 0.0).step()
    with pytest.raises(InvalidInput, match="no dropout"):
        DropoutSchedule(nn.Linear(2, 2), 0.1)


@given(rate=st.floats(0, 1), start=st.floats(0, 1), steps=st.integers(1, 50), taken=st.integers(0, 60))
def test_a_linear_schedule_is_a_straight_line_to_its_end(rate, start, steps, taken):
    drop = nn.Dropout()
    schedule = DropoutSchedule(drop, rate, kind="linear", steps=steps, start=start)
    for _ in range(taken):
        schedule.step()
    assert drop.p == schedule.rate == pytest.approx(start + (rate - start) * min(taken / steps, 1), abs=1e-12)


def test_a_curriculum_keeps_as_the_paper_has_it():
    drop, steps, kept = nn.Dropout(), 20, 0.7
    schedule = DropoutSchedule(drop, 1 - kept, kind="curriculum", steps=steps)
    for step in range(30):
        # Morerio et al., equation 2, with their gamma of 10 / T
        assert 1 - drop.p == pytest.approx((1 - kept) * math.exp(-10 / steps * step) + kept)
        schedule.step()


def test_a_constant_schedule_stays():
    drop = nn.Dropout(0.5)
    schedule = DropoutSchedule(drop, 0.2, start=0.9)
    schedule.step()
    assert drop.p == 0.2


@pytest.mark.parametrize("kind", ["constant", "linear", "curriculum"])
def test_a_schedule_goes_on_where_it_was_saved(kind):
    model = encoder()
    schedule = DropoutSchedule(model, 0.4, kind=kind, steps=10)
    for _ in range(4):
        schedule.step()
    saved, rate = deepcopy(schedule.state_dict()), schedule.rate
    resumed = encoder()
    other = DropoutSchedule(resumed, 0.4, kind=kind, steps=10)
    other.load_state_dict(saved)
    assert resumed.layers[0].dropout.p == other.rate == rate
    schedule.step(), other.step()
    assert other.rate == schedule.rate


@pytest.mark.parametrize("wrong", [{"kind": "cosine"}, {"steps": 0}, {"start": 2.0}])
def test_schedules_that_are_none_are_refused(wrong):
    with pytest.raises(InvalidInput):
        DropoutSchedule(nn.Dropout(), 0.1, **wrong)
