"""Training of the tagger: an averaged perceptron with margins, in integers, so that every machine learns the same.

Collins, "Discriminative training methods for hidden Markov models", 2002; margins by what a mistake costs: Taskar,
Guestrin and Koller, "Max-margin Markov networks", 2003; averaging by Daumé's trick (2006): `total`
collects each update times the step at which it came, so that step * weight - total is the sum of all past weights.
At each step a few features are left out by chance, so that none is relied on alone: Sutton, Sindelar and McCallum,
"Reducing weight undertraining in structured discriminative learning", 2006; Srivastava et al., "Dropout", 2014.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy import int32, int64, uint8, uint64

from augsvc.kernels.features import facts_of, feature_keys, mix, shape_of, window_of
from augsvc.kernels.jit import inline, kernel
from augsvc.types import Bytes, Int, Int32s, Int64s, PackTables, TokenColumns, Uint64s


class Model(NamedTuple):
    """The weights of K features for each of the tags."""

    weight: Int32s  # [K, tags]
    total: Int64s  # [K, tags]


class Examples(NamedTuple):
    """E words, each with the rows of its features."""

    rows: Int32s  # [E, features.FEATURES] -1 for a feature that the model lacks
    tags: Uint64s  # [E] the tags that the word may take, as bits
    gold: Bytes  # [E] the right one


@kernel
def shapes(data: Bytes, tokens: TokenColumns, out: Bytes) -> None:
    """Fill out[T] with the shape of every token."""
    for token in range(out.shape[0]):
        out[token] = uint8(shape_of(data, tokens, token))


@kernel
def token_features(data: Bytes, tokens: TokenColumns, tables: PackTables, keys: Uint64s, tags: Uint64s) -> None:
    """Fill keys[T, features.FEATURES] with the features of every token, tags[T] with the tags it may take."""
    for row in range(tokens.first.shape[0] - 1):
        first, stop = tokens.first[row], tokens.first[row + 1]
        for token in range(first, stop):
            own = facts_of(data, tokens, token, tables)
            near = window_of(data, tokens, token, own, first, stop, tables)
            tags[token] = own.tags
            feature_keys(data, int64(tokens.start[token]), int64(tokens.end[token]), near, keys[token])


@inline
def kept_features(rows: Int32s, dropped: Int, step: Int) -> Int:
    """Return as bits which of the features `rows` the model has and keeps at a step: all but `dropped` of 256."""
    kept: Int = uint64(0)
    for k in range(rows.shape[0]):
        if rows[k] >= 0 and mix(k, uint64(step), uint64(0)) >> uint64(56) >= uint64(dropped):
            kept |= uint64(1) << uint64(k)
    return kept


@inline
def score(rows: Int32s, kept: Int, tag: Int, weight: Int32s) -> Int:
    """Return the sum of the weights of the `kept` ones of the features `rows` for a tag."""
    total: Int = int64(0)
    for k in range(rows.shape[0]):
        if kept >> uint64(k) & uint64(1) != uint64(0):
            total += int64(weight[rows[k], tag])
    return total


@inline
def update(rows: Int32s, kept: Int, tag: Int, by: Int, step: Int, model: Model) -> None:
    """Add `by` to the weights of the `kept` ones of the features `rows` for a tag."""
    for k in range(rows.shape[0]):
        if kept >> uint64(k) & uint64(1) != uint64(0):
            model.weight[rows[k], tag] += int32(by)
            model.total[rows[k], tag] += by * step


@kernel
def train_epoch(examples: Examples, order: Int64s, margins: Int64s, dropped: Int, step: Int, model: Model) -> Int:
    """Go through the examples in `order` once and return the next step.

    Where the gold tag does not lead every other by margins[gold, other], the weights move towards it and away from the
    tag that lacks most. At each step a feature is left out with a chance of `dropped` in 256.
    """
    for place in range(order.shape[0]):
        example = order[place]
        rows, gold = examples.rows[example], int64(examples.gold[example])
        kept = kept_features(rows, dropped, step)
        rival: Int = int64(-1)
        highest: Int = int64(-1 << 60)
        for tag in range(model.weight.shape[1]):
            if tag == gold or examples.tags[example] >> uint64(tag) & uint64(1) == uint64(0):
                continue
            found = score(rows, kept, tag, model.weight) + margins[gold, tag]
            if found > highest:
                rival, highest = int64(tag), found
        if rival >= 0 and score(rows, kept, gold, model.weight) < highest:
            update(rows, kept, gold, int64(1), step, model)
            update(rows, kept, rival, int64(-1), step, model)
        step += 1
    return step
