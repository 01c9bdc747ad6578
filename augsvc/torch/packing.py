"""`PackedStream`: the tokens of a stream's texts in sequences of one length, as language models read them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch.utils.data import IterableDataset, get_worker_info

from augsvc.errors import InvalidInput
from augsvc.torch.batch import Batch
from augsvc.torch.ranks import share_of
from augsvc.torch.state import epoch_number, integer, saved
from augsvc.torch.stream import AugmentedStream
from augsvc.types import JsonObject

IGNORED = -100
"""The label of what is no token, which PyTorch's cross entropy leaves out by default."""

Tokenize = Callable[[list[str]], Sequence[Sequence[int]]]


class PackedStream(IterableDataset[Batch]):
    """The texts of a stream's epoch one after the other, each with a token at its end, cut into equal sequences.

    ```python
    stream = AugmentedStream(url, "essays", seed=1, batch_size=256, rank=0, world_size=1)
    packed = PackedStream(stream, lambda texts: tokenizer(texts)["input_ids"], length=512, end=0, batch_size=16)
    for batch in packed:
        loss = model(input_ids=batch["input_ids"], labels=batch["labels"]).loss
    ```

    A batch has `input_ids` and `labels`, int64[batch_size, length]; labels are the same tokens, unshifted, as Hugging
    Face's language models take them. Sequences hold parts of several texts, which the model sees all (as Brown et al.,
    Language models are few-shot learners, NeurIPS 2020, train), and nothing is padded but the epoch's last sequence,
    with `end`, where labels are -100.

    Sequence n of an epoch is a function of the view, the tokenizer and the length: step s has sequences [s * total,
    (s + 1) * total), total = batch_size * world_size, and rank r the r-th `batch_size` of them. So every rank reads and
    tokenizes all texts, ranks agree on the number of steps, and `batch.state`, the place of the next token, means the
    same under any number of ranks, batch size and length.

    Args:
        stream: whose texts are read, all of them: where there are ranks, made with rank=0, world_size=1. Nobody else
            reads it from now on.
        tokenize: the token ids of each of some texts, the same for the same text at any time, without special tokens.
        length: tokens of a sequence, 1 or more.
        end: the id of the token after each text.
        batch_size: sequences of this rank's batches.
        rank: this rank and `world_size` the number of them; by default those of `torch.distributed`, where it is
            initialised, else one rank alone.
        world_size: see `rank`.
        text_column: the texts' column.
        drop_last: whether an epoch ends before a step that would be short; by default where there are several ranks.

    Raises InvalidInput for arguments out of range.
    """

    def __init__(
        self,
        stream: AugmentedStream,
        tokenize: Tokenize,
        *,
        length: int,
        end: int,
        batch_size: int,
        rank: int | None = None,
        world_size: int | None = None,
        text_column: str = "text",
        drop_last: bool | None = None,
    ) -> None:
        super().__init__()
        if not stream.reads_all:
            raise InvalidInput("Sequences are shared out, not texts: make the stream with rank=0, world_size=1.")
        if integer("length", length) < 1:
            raise InvalidInput(f"length must be 1 or more, not {length}.")
        self._stream, self._tokenize, self._column = stream, tokenize, text_column
        self._length, self._end = length, end
        self._share = share_of(batch_size, rank, world_size, drop_last)
        self._state: JsonObject = {**stream.state_dict(), "skip": 0}

    def __iter__(self) -> Iterator[Batch]:
        """Go on from the place where the last batch ended; raises InvalidInput in a worker, or without any step."""
        if get_worker_info() is not None:
            raise InvalidInput("A packed stream reads ahead by itself, in one process: pass num_workers=0.")
        return self._pass()

    def set_epoch(self, epoch: int) -> None:
        """Let the next pass read `epoch`, from its start unless the stream stands in it."""
        if epoch_number(epoch) != self._state["epoch"]:
            self._state = self._place(epoch, 0, 0)

    def state_dict(self) -> JsonObject:
        """The place of the next token: the epoch, the position of its text, and how many tokens of it to skip."""
        return dict(self._state)

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved place; raises CursorMismatch for a state of another view, else InvalidInput for none."""
        place = dict(state)
        skip = integer("A packed stream's skip", place.pop("skip", None))
        if skip < 0:
            raise InvalidInput(f"A packed stream's skip is 0 or more, not {skip}.")
        self._stream.load_state_dict(place)
        self._state = {**place, "skip": skip}

    def _place(self, epoch: int, position: int, skip: int) -> JsonObject:
        return {**saved(self._stream.view_id, epoch, position), "skip": skip}

    def _pass(self) -> Iterator[Batch]:
        begun = self._state
        queue = _Queue(begun["position"])
        for is_last in self._filled(queue, begun):
            while self._has_step(queue, is_last):
                sequences = queue.take(self._share.total * self._length)
                over = is_last and not self._has_step(queue, is_last)
                self._state = self._place(*((begun["epoch"] + 1, 0, 0) if over else (begun["epoch"], *queue.place)))
                if batch := self._batch(sequences):
                    yield batch
        if self._state is begun:
            if not begun["position"] and not begun["skip"]:
                raise InvalidInput(
                    f"An epoch has fewer tokens than one step of {self._share.total} sequences: lower length or "
                    "batch_size, or pass drop_last=False."
                )
            # the rest is short of a step of this size, though one was left when the place was saved
            self._state = self._place(begun["epoch"] + 1, 0, 0)

    def _filled(self, queue: _Queue, begun: JsonObject) -> Iterator[bool]:
        """Put the tokens of a batch after the other, and tell whether it was the epoch's last."""
        skip = begun["skip"]
        self._stream.load_state_dict({name: value for name, value in begun.items() if name != "skip"})
        for batch in self._stream:
            for ids in self._tokenize(list(batch[self._column])):
                queue.put([*ids, self._end])
            if skip:
                self._leave_out(queue, skip)
                skip = 0
            yield batch.state["epoch"] != begun["epoch"]

    def _leave_out(self, queue: _Queue, skip: int) -> None:
        text, _ = queue.place
        queue.take(skip)
        if queue.place != (text, skip):
            raise InvalidInput("The state stands beyond the tokens of its text: it was saved with another tokenizer.")

    def _has_step(self, queue: _Queue, is_last: bool) -> bool:
        least = 1 if is_last and not self._share.drop_last else self._share.total * self._length
        return len(queue) >= least

    def _batch(self, tokens: list[int]) -> Batch | None:
        """This rank's part of a step; None where a short one leaves it nothing."""
        first = self._share.offset * self._length
        own = tokens[first : first + self._share.rows * self._length]
        if not own:
            return None
        missing = -len(own) % self._length
        ids = torch.tensor([*own, *[self._end] * missing]).view(-1, self._length)
        labels = torch.tensor([*own, *[IGNORED] * missing]).view(-1, self._length)
        batch = Batch(input_ids=ids, labels=labels)
        batch.state = self._state
        return batch


class _Queue:
    """Tokens of consecutive texts that are not in a sequence yet; texts are numbered from `position`."""

    def __init__(self, position: int) -> None:
        self._tokens: list[int] = []
        self._left: deque[int] = deque()  # how many tokens of each text
        self._position, self._used = position, 0

    def __len__(self) -> int:
        return len(self._tokens)

    @property
    def place(self) -> tuple[int, int]:
        """The text of the next token, and how many of its tokens come before it."""
        return self._position, self._used

    def put(self, tokens: list[int]) -> None:
        """Append a text's tokens, one at least."""
        self._tokens += tokens
        self._left.append(len(tokens))

    def take(self, count: int) -> list[int]:
        """Remove and return the first tokens, as many as there are."""
        found = self._tokens[:count]
        del self._tokens[:count]
        self._used += len(found)
        while self._left and self._used >= self._left[0]:
            self._used -= self._left.popleft()
            self._position += 1
        return found
