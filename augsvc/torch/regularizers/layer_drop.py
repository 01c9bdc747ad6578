"""`LayerDrop`: whole layers left out at random."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self

import torch
from torch import nn

from augsvc.torch.regularizers.checks import check_share


class LayerDrop(nn.ModuleList):
    """A list of layers that in training leaves out each with probability p whenever a model goes through it.

    ```python
    model.encoder.layer = LayerDrop(model.encoder.layer, 0.2)  # where `forward` has `for layer in self.layer`
    ```

    Layers must take what they give, as those of Transformers do. Names and state are those of the `nn.ModuleList` that
    it replaces. `len`, an index, `+`, `children` and `parameters` see every layer. A loop in training does not, nor
    do `nn.ModuleList(layers)` and `extend` of one, which go through it: give them `layers.children()`. Its draws are
    not for `torch.func.vmap`, and `DistributedDataParallel` needs `find_unused_parameters=True`.

    Fan, Grave and Joulin, Reducing Transformer depth on demand with structured dropout, ICLR 2020.

    Args:
        layers: a list of layers.
        p: how probable it is for each layer, 0 to 1.

    Raises InvalidInput for a probability out of range.
    """

    def __init__(self, layers: Iterable[nn.Module], p: float = 0.1) -> None:
        super().__init__(layers)
        self.p = check_share("p", p)

    def __iter__(self) -> Iterator[nn.Module]:
        """The layers of this pass."""
        if not self.training or self.p == 0:
            return super().__iter__()
        kept = (torch.rand(len(self)) >= self.p).tolist()
        return (layer for layer, keep in zip(super().__iter__(), kept, strict=True) if keep)

    def __getitem__(self, index: Any) -> Any:
        """A layer, or for a slice a list of the same kind, as some models take of their layers before the loop."""
        if not isinstance(index, slice):
            return super().__getitem__(index)
        return self._like([*super().__iter__()][index])

    def __add__(self, other: Iterable[nn.Module]) -> LayerDrop:
        """A list of the same kind, of every layer and what is added."""
        return self._like([*super().__iter__(), *_whole(other)])

    def __radd__(self, other: Iterable[nn.Module]) -> LayerDrop:
        """The same with what is added before."""
        return self._like([*_whole(other), *super().__iter__()])

    def extend(self, modules: Iterable[nn.Module]) -> Self:
        """Append layers; of another LayerDrop every one."""
        return super().extend(_whole(modules))

    def __repr__(self) -> str:
        # that of a list would go through it, and draw
        return f"LayerDrop(p={self.p}, {nn.ModuleList(super().__iter__())!r})"

    def _like(self, layers: Iterable[nn.Module]) -> LayerDrop:
        like = LayerDrop(layers, self.p)
        like.training = self.training  # the layers keep their own
        return like


def _whole(layers: Iterable[nn.Module]) -> Iterable[nn.Module]:
    """As a plain list has them: those of a LayerDrop are all there, a shared one every time."""
    return nn.ModuleList.__iter__(layers) if isinstance(layers, nn.ModuleList) else layers
