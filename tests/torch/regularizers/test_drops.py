"""Dropout of words, features and layers."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.func import vmap
from transformers import BertConfig, BertModel, LlamaConfig, LlamaModel

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import EmbeddingDropout, LayerDrop, LockedDropout, WordDropout

UNKNOWN, PADDING = 1, 0


@given(p=st.floats(0.05, 0.95), seed=st.integers(0, 100))
def test_words_are_replaced_at_their_rate_and_others_stay(p, seed):
    torch.manual_seed(seed)
    ids = torch.randint(0, 100, (50, 100))
    out = WordDropout(p, UNKNOWN, keep=[PADDING, 7])(ids)
    dropped = out != ids
    assert (out[dropped] == UNKNOWN).all()
    assert not dropped[(ids == PADDING) | (ids == 7)].any()
    free = (ids != PADDING) & (ids != 7) & (ids != UNKNOWN)
    assert dropped[free].double().mean() == pytest.approx(p, abs=0.05)


@pytest.mark.parametrize("drop", [WordDropout(0.5, UNKNOWN), WordDropout(0.0, UNKNOWN).train()])
def test_words_stay_in_evaluation_and_at_rate_zero(drop):
    ids = torch.arange(30).view(3, 10)
    assert torch.equal((drop.eval() if drop.p else drop)(ids), ids)


def test_at_rate_one_all_words_go_but_those_kept():
    assert WordDropout(1.0, UNKNOWN, keep=[5])(torch.tensor([[5, 6, 7]])).tolist() == [[5, 1, 1]]


def test_ids_that_are_kept_move_with_the_module_and_are_no_part_of_its_state():
    drop = WordDropout(0.5, UNKNOWN, keep=[1])
    assert drop.state_dict() == {}
    assert drop.to("meta").kept.is_meta


def test_a_word_of_the_vocabulary_is_dropped_wherever_it_stands():
    embedding, ids = nn.Embedding(20, 4), torch.randint(0, 20, (10, 30))
    nn.init.ones_(embedding.weight)
    out = EmbeddingDropout(0.4)(embedding, ids)
    values = [out[ids == word].unique().tolist() for word in range(20)]
    assert all(value in ([0.0], [pytest.approx(1 / 0.6)]) for value in values)
    assert len({value[0] for value in values}) == 2
    out.sum().backward()
    assert set(embedding.weight.grad.sign().unique().tolist()) == {0.0, 1.0}


def test_vocabulary_is_whole_in_evaluation():
    embedding, ids = nn.Embedding(20, 4), torch.arange(20)
    assert torch.equal(EmbeddingDropout(0.9).eval()(embedding, ids), embedding(ids))


def test_locked_dropout_drops_the_same_features_at_every_token_of_a_text_and_others_in_the_next():
    out = LockedDropout(0.5)(torch.ones(64, 9, 16))
    assert torch.equal(out, out[:, :1].expand_as(out))
    assert set(out.unique().tolist()) == {0.0, 2.0}
    assert len(out[:, 0].unique(dim=0)) > 32
    assert out.mean() == pytest.approx(1, abs=0.1)
    assert torch.equal(LockedDropout(0.5).eval()(out), out)


@pytest.mark.parametrize("shape", [(4, 5), (2, 3, 4, 5)])
def test_locked_dropout_takes_texts_alone(shape):
    with pytest.raises(InvalidInput, match="rows, tokens, features"):
        LockedDropout()(torch.zeros(shape))


VECTORS = nn.Embedding(101, 3)
DROPS = {
    "words": lambda x: WordDropout(0.5, UNKNOWN, keep=[PADDING])(x.long()),
    "embedding": lambda x: EmbeddingDropout(0.5)(VECTORS, x[..., 0].long()),
    "locked": LockedDropout(0.5),
}


@pytest.mark.parametrize("ask", DROPS.values(), ids=DROPS)
def test_members_of_an_ensemble_drop_by_themselves(ask):
    out = vmap(ask, randomness="different")(torch.arange(1.0, 97).view(3, 4, 8).expand(4, 3, 4, 8))
    assert not torch.equal(out[0], out[1])


WRONG = {
    "words": lambda: WordDropout(2.0, 1),
    "embedding": lambda: EmbeddingDropout(float("nan")),
    "locked": lambda: LockedDropout(1.5),
    "layers": lambda: LayerDrop([], -1),
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG)
def test_probabilities_out_of_range_are_refused(make):
    with pytest.raises(InvalidInput, match="0 to 1"):
        make()


def test_layers_are_left_out_at_their_rate_and_only_in_training():
    layers = LayerDrop([nn.Identity() for _ in range(10)], 0.3)
    left = [len(list(layers)) for _ in range(300)]
    assert sum(left) / 3000 == pytest.approx(0.7, abs=0.04)
    assert len(layers) == len(list(layers.children())) == 10
    assert len(list(layers.eval())) == 10
    assert list(layers) == list(layers.children())


def test_a_slice_drops_as_the_whole_and_only_in_training():
    layers = LayerDrop([nn.Identity() for _ in range(200)], 0.5)
    assert 20 < len(list(layers[:100])) < 80
    assert len(list(layers.eval()[:100])) == 100
    assert list(layers[:2].children()) == [layers[0], layers[1]]


def test_a_slice_leaves_the_layers_in_their_modes():
    layers = LayerDrop([nn.Dropout(), nn.BatchNorm1d(2).eval()], 0.5)
    assert len(layers[:]) == 2
    assert [layer.training for layer in layers.children()] == [True, False]


def test_a_layer_that_is_shared_counts_every_time():
    shared = nn.Identity()
    layers = LayerDrop(nn.ModuleList([shared] * 6), 0.5).eval()
    assert len(layers) == len(list(layers)) == len(list(layers[:6])) == len(list(LayerDrop(layers, 0.1).eval())) == 6


def test_looking_at_the_layers_draws_nothing_and_copies_are_whole(tmp_path):
    layers = LayerDrop([nn.Linear(2, 2) for _ in range(50)], 0.5)
    state = torch.get_rng_state()
    assert "p=0.5" in repr(layers)
    assert len(deepcopy(layers).eval()) == 50
    torch.save(layers, tmp_path / "layers.pt")
    assert len(list(torch.load(tmp_path / "layers.pt", weights_only=False).eval())) == 50
    assert torch.equal(torch.get_rng_state(), state)


def test_layers_wrapped_again_are_all_there():
    layers = LayerDrop([nn.Identity() for _ in range(50)], 0.9)
    assert len(LayerDrop(layers, 0.1)) == len(LayerDrop(nn.ModuleList(layers.children()), 0.1)) == 50


def test_a_sum_has_every_layer_and_drops_as_the_whole():
    layers, more = (LayerDrop([nn.Identity() for _ in range(50)], p) for p in (0.5, 0.9))
    layers.training = False
    together = layers + more
    assert [*together.children()] == [*layers.children(), *more.children()]
    assert len(list(together)) == len(together) == 100
    assert 20 < len(list(together.train())) < 80
    assert len(layers + nn.ModuleList([nn.Identity()])) == 51
    assert len(nn.ModuleList([nn.Identity()]) + more) == 51


def test_layers_that_are_appended_are_all_there():
    layers, more = (LayerDrop([nn.Identity() for _ in range(50)], 0.9) for _ in range(2))
    layers += more
    assert len(layers) == 100
    assert len(layers.extend(more)) == 150


BERT = BertConfig(vocab_size=30, hidden_size=8, num_hidden_layers=4, num_attention_heads=2, intermediate_size=8)
LLAMA = LlamaConfig(
    vocab_size=30, hidden_size=8, num_hidden_layers=4, num_attention_heads=2, num_key_value_heads=2, intermediate_size=8
)


@pytest.mark.parametrize(
    ("model", "stack", "name"),
    [
        (BertModel(BERT), lambda model: model.encoder, "layer"),
        (LlamaModel(LLAMA), lambda model: model, "layers"),
    ],
    ids=["bert", "llama"],
)
def test_models_of_hugging_face_leave_layers_out(model, stack, name):
    names, ids = set(model.state_dict()), torch.arange(6).view(1, 6)
    calls = []
    setattr(stack(model), name, LayerDrop(getattr(stack(model), name), 0.5))
    for layer in getattr(stack(model), name).children():
        layer.register_forward_hook(lambda *_: calls.append(1))
    assert set(model.state_dict()) == names
    for _ in range(10):
        model.train()(ids)
    assert 5 < len(calls) < 35
    calls.clear()
    model.eval()(ids)
    assert len(calls) == 4
