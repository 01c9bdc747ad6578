"""What `--model` names: how texts become numbers for a model, and how the model is made."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from torch import Tensor, nn

from augsvc.ablation.imported import files_of_import, imported
from augsvc.ablation.models import Averaging, Convolutional, Transformer
from augsvc.ablation.pooled import PooledEncoder
from augsvc.ablation.vectors import WordVectors
from augsvc.ablation.words import Vocabulary, padded
from augsvc.errors import InvalidInput

BUILT_IN: dict[str, Callable[..., nn.Module]] = {"cnn": Convolutional, "dan": Averaging, "transformer": Transformer}

PRETRAINED = "hf:"

Factory = Callable[[], nn.Module]


class Family(Protocol):
    """A kind of model. One object serves one run: it numbers the words that the run sees."""

    batch_norm: bool
    """Whether it has a form with batch normalization."""

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return each text as numbers, one at least."""

    def batch(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Return rows as the model takes them: tokens int64[N, T] and their mask bool[N, T]."""

    def factory(self, classes: int, *, batch_norm: bool) -> Factory:
        """Return what makes a model for what was encoded so far, its first weights drawn by torch's own generator."""


class OverVectors:
    """A model over frozen word vectors: built in, or a user's."""

    def __init__(self, make: Callable[..., nn.Module], vectors: WordVectors, longest: int) -> None:
        self.batch_norm = "batch_norm" in inspect.signature(make).parameters
        self._make, self._vectors, self._longest = make, vectors, longest
        self._vocabulary = Vocabulary()

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of each text's words."""
        return self._vocabulary.encode(texts, self._longest)

    def batch(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Return rows filled up, and their mask."""
        return padded(rows, 0)

    def factory(self, classes: int, *, batch_norm: bool) -> Factory:
        """Return what makes the model over the vectors of the words that were encoded."""
        options = {"batch_norm": batch_norm} if self.batch_norm else {}
        return partial(self._make, self._vectors.of(self._vocabulary), classes, **options)


class Pretrained:
    """An encoder of `transformers` from a folder, fine-tuned whole under the mean of its last states."""

    batch_norm = True

    def __init__(self, folder: Path, longest: int) -> None:
        transformers = _transformers()
        if not (folder / "config.json").is_file():
            raise InvalidInput(f"{folder} is no folder of a pretrained model: it has no config.json")
        self._longest = longest
        with _quiet(transformers.utils.logging):
            self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self._weights: Any = transformers.AutoModel.from_pretrained(folder, local_files_only=True)
        self._padding = self._tokenizer.pad_token_id or 0
        if longest < (least := self._tokenizer.num_special_tokens_to_add() + 1):
            raise InvalidInput(f"this encoder takes texts of {least} pieces or more, not {longest}: pass --longest")

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of each text's pieces, the special ones included; of a text without any, padding."""
        if not texts:  # the tokenizer fails on none
            return []
        found = self._tokenizer(list(texts), truncation=True, max_length=self._longest)["input_ids"]
        return [pieces or [self._padding] for pieces in found]

    def batch(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Return rows filled up, and their mask."""
        return padded(rows, self._padding)

    def factory(self, classes: int, *, batch_norm: bool) -> Factory:
        """Return what makes a copy of the encoder under a fresh linear layer."""
        return partial(PooledEncoder, self._weights, classes, batch_norm=batch_norm)


def family_of(model: str, vectors: WordVectors | None, longest: int) -> Family:
    """Return the family of a model by its name: one of BUILT_IN, `hf:DIR`, or `module:function`.

    Raises InvalidInput for what is none of them, and where an extra is missing.
    """
    if model.startswith(PRETRAINED):
        return Pretrained(_folder_of(model), longest)
    if model not in BUILT_IN and ":" not in model:
        raise InvalidInput(f"no model is named {model!r}: there are {', '.join(BUILT_IN)}, hf:DIR and module:function")
    make = BUILT_IN.get(model) or imported(model)
    if vectors is None:
        raise InvalidInput(f"the model {model} needs word vectors")
    return OverVectors(make, vectors, longest)


def sources_of(model: str) -> list[Path]:
    """Return the files or folders whose content a model depends on, none for one that is built in."""
    if model.startswith(PRETRAINED):
        return [_folder_of(model)]
    return [] if model in BUILT_IN else files_of_import(model)


def _folder_of(model: str) -> Path:
    return Path(model.removeprefix(PRETRAINED)).expanduser()


def _transformers() -> Any:
    try:
        import transformers
    except ModuleNotFoundError:
        raise InvalidInput("hf: needs Hugging Face transformers: pip install transformers") from None
    return transformers


@contextmanager
def _quiet(logging: Any) -> Iterator[None]:
    """Keep what `transformers` tells of each loading, one for each run, out of the bar of all runs."""
    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
