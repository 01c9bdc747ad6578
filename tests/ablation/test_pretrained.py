"""A pretrained encoder from a folder, fine-tuned under each technique."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from augsvc.ablation.experiment import Experiment
from augsvc.ablation.families import Pretrained
from augsvc.ablation.pooled import PooledEncoder
from augsvc.ablation.report import ablate
from augsvc.errors import InvalidInput

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


@pytest.fixture(scope="module")
def encoder(messages, tmp_path_factory):
    """A folder with a small encoder of random weights and its tokenizer, as `save_pretrained` leaves it."""
    folder = tmp_path_factory.mktemp("encoder")
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(
        [text for _, text in messages], trainers.WordPieceTrainer(vocab_size=300, special_tokens=SPECIAL)
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=300, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    transformers.BertModel(config).save_pretrained(folder)
    return folder


def test_every_technique_is_trained(settings, encoder, tmp_path):
    chosen = settings(model=f"hf:{encoder}", vectors=None, steps=3)
    report = ablate(chosen, range(1), folder=tmp_path / "work")
    assert len(report.rows) == 16
    assert report.left_out == ()
    assert report.row("none").accuracy != 0
    assert report.row("dropout").nll != report.row("none").nll != report.row("batch_norm").nll


def test_dropout_is_at_work_from_the_first_step_on(encoder):
    model = PooledEncoder(transformers.AutoModel.from_pretrained(encoder), 2)
    assert all(module.training for module in model.modules())


@pytest.mark.parametrize("longest", [512, 513])
def test_a_text_has_no_more_pieces_than_the_encoder_takes(settings, encoder, longest):
    experiment = Experiment(settings(model=f"hf:{encoder}", vectors=None, longest=longest))
    with pytest.raises(InvalidInput, match="a text of 513 pieces: RuntimeError") if longest > 512 else nullcontext():
        experiment.check_model()


def test_an_empty_text_has_a_piece(encoder):
    family = Pretrained(encoder, longest=8)
    assert [len(row) for row in family.encode(["", "a"])] == [1, 1]
    assert family.batch(family.encode([""]))[0].dtype == torch.int64


@pytest.mark.parametrize("shown", [False, True])
def test_it_is_loaded_without_a_progress_bar_of_its_own(encoder, capsys, shown):
    logging = transformers.utils.logging
    (logging.enable_progress_bar if shown else logging.disable_progress_bar)()
    level = logging.get_verbosity()
    Pretrained(encoder, longest=8)
    assert capsys.readouterr() == ("", "")
    assert (logging.is_progress_bar_enabled(), logging.get_verbosity()) == (shown, level)


def test_other_weights_are_another_experiment(settings, encoder, tmp_path):
    other = tmp_path / "other"
    transformers.AutoModel.from_pretrained(encoder).save_pretrained(other)
    transformers.AutoTokenizer.from_pretrained(encoder).save_pretrained(other)
    first = settings(model=f"hf:{other}", vectors=None).fingerprint()
    model = transformers.AutoModel.from_pretrained(other)
    next(model.parameters()).data.add_(1)
    model.save_pretrained(other)
    assert settings(model=f"hf:{other}", vectors=None).fingerprint() != first
