"""`DeepEnsemble`: members of one architecture, trained and asked together in one vectorised pass."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._pytree import tree_map

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.modes import modes_kept
from augsvc.torch.regularizers.prediction import Prediction


class DeepEnsemble(nn.Module):
    """Several models as one, whose parameters and buffers have a first dimension more: [members, ...].

    Frozen parameters that are alike in all members, such as word vectors, have none: they are kept, and asked, once. So
    they stay frozen: a call that is to be trained raises InvalidInput where one is not.

    ```python
    ensemble = DeepEnsemble.create(make_model, members=5, seed=0)
    optimizer = torch.optim.AdamW(ensemble.parameters(), fused=True)
    for tokens, labels in batches:
        ensemble.loss(nn.functional.cross_entropy, ensemble(tokens), labels).backward()
        ensemble.clip_grad_norm_(1.0)
        optimizer.step()
        optimizer.zero_grad()
    labels = ensemble.predict(tokens).labels
    ```

    Each member is trained as it would be alone, from its own first weights and with its own dropout: what updates
    element by element (SGD, Adam, AdamW, soft thresholding) needs no change, what takes norms (clipping, LAMB) must
    take each member's own. It is a module as any: `state_dict`, `to`, `train`, dropout rates, averages of weights.

    The pass is one of `torch.func.vmap`, so a model's `forward` must be one that it can follow: no branches on values
    of tensors, no shapes that depend on them. For others pass `vectorised=False`, which asks the members in turn.
    `ensemble.compile()`, torch's own, makes one graph of a call, not of `each`.

    Lakshminarayanan, Pritzel and Blundell, Simple and scalable predictive uncertainty estimation using deep ensembles,
    NeurIPS 2017.

    Args:
        models: members of one class, equal in shapes; they are copied.
        vectorised: whether members are asked in one pass.

    Raises InvalidInput for no model, or for models that cannot be stacked.
    """

    def __init__(self, models: Sequence[nn.Module], *, vectorised: bool = True) -> None:
        super().__init__()
        self.members, self.vectorised = len(models), vectorised
        self.shared = frozenset(_shared(models))
        self.module = _stacked(models, self.shared)

    @classmethod
    def create(
        cls, factory: Callable[[], nn.Module], members: int = 5, *, seed: int = 0, vectorised: bool = True
    ) -> Self:
        """Make an ensemble of what a factory makes under the seeds seed, seed + 1 ...; torch's own generator stays."""
        models = []
        for member in range(members):
            with torch.random.fork_rng(range(torch.cuda.device_count())):
                torch.manual_seed(seed + member)
                models.append(factory())
        return cls(models, vectorised=vectorised)

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """Ask every member the same, as `forward` does."""
        with _no_fast_path():  # here, as a compiled `forward` cannot switch it off
            return super().__call__(*inputs, **named)

    def forward(self, *inputs: Any, **named: Any) -> Any:
        """Ask every member the same: outputs [members, ...] of inputs as one model takes them."""
        return self._ask(inputs, named, None)

    def each(self, *inputs: Any, **named: Any) -> Any:
        """Ask each member its own: outputs [members, ...] of inputs [members, ...], as where data orders differ."""
        return self._ask(inputs, named, 0)

    def loss(
        self, criterion: Callable[[Tensor, Tensor], Tensor], outputs: Tensor, targets: Tensor, *, each: bool = False
    ) -> Tensor:
        """Return the sum of the members' losses, whose gradients are those of each member's own.

        Targets are those of one model, or with `each` [members, ...].
        """
        losses = [criterion(output, targets[i] if each else targets) for i, output in enumerate(outputs)]
        return torch.stack(losses).sum()

    def clip_grad_norm_(self, max_norm: float) -> Tensor:
        """Scale each member's gradient to a norm of at most `max_norm`; return the norms [members] before."""
        gradients = [p.grad for p in self.parameters() if p.grad is not None]
        if not gradients:
            return torch.zeros(self.members)
        norms = torch.stack([torch.linalg.vector_norm(g.reshape(len(g), -1), dim=1) for g in gradients])
        total: Tensor = torch.linalg.vector_norm(norms, dim=0)
        scale = (max_norm / (total + 1e-6)).clamp_max(1)
        for gradient in gradients:
            gradient.mul_(scale.view(-1, *[1] * (gradient.ndim - 1)))
        return total

    @torch.no_grad()
    def predict(self, *inputs: Any, **named: Any) -> Prediction:
        """Return what the members, in evaluation mode, say of the same inputs; their outputs are logits."""
        with modes_kept(self):
            self.eval()
            return Prediction.of_logits(self(*inputs, **named))

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Ask members one after the other meanwhile, for what a vectorised pass cannot do."""
        vectorised, self.vectorised = self.vectorised, False
        try:
            yield
        finally:
            self.vectorised = vectorised

    def member(self, index: int) -> nn.Module:
        """Return one member as a model of its own, a copy."""
        alone = deepcopy(self.module)
        for name, tensor in _tensors(alone):
            if name not in self.shared:
                tensor.data = tensor.data[index].clone()
        return alone

    def _own(self) -> dict[str, Tensor]:
        """The tensors of which each member has its own."""
        tensors = _tensors(self.module)
        unfrozen = [name for name, tensor in tensors if name in self.shared and tensor.requires_grad]
        if unfrozen and torch.is_grad_enabled():
            raise InvalidInput(
                f"The members share {', '.join(unfrozen)}, frozen when the ensemble was made, so it cannot be trained: "
                "make the ensemble of models in which it is not frozen."
            )
        return {name: tensor for name, tensor in tensors if name not in self.shared}

    def _ask(self, inputs: tuple[Any, ...], named: dict[str, Any], dim: int | None) -> Any:
        own = self._own()

        def one(own: dict[str, Tensor], inputs: tuple[Any, ...], named: dict[str, Any]) -> Any:
            return functional_call(self.module, own, inputs, named)

        with _plain_attention(self.vectorised and not any(tensor.is_cuda for tensor in own.values())):
            if self.vectorised:
                return vmap(one, (0, dim, dim), randomness="different")(own, inputs, named)
            asked = (inputs, named)
            outputs = [
                one(_of(own, i), *(asked if dim is None else _of(asked, i)))  # views: buffers change in place
                for i in range(self.members)
            ]
            return tree_map(lambda *leaves: torch.stack(leaves), *outputs)


def _tensors(module: nn.Module) -> list[tuple[str, Tensor]]:
    return [*module.named_parameters(), *module.named_buffers()]


def _shared(models: Sequence[nn.Module]) -> Iterator[str]:
    """Names of what nobody trains and all have alike, as frozen word vectors."""
    for name, tensor in models[0].named_parameters() if models else ():
        others = (model.get_parameter(name) for model in models)
        if not tensor.requires_grad and all(torch.equal(tensor, other) for other in others):
            yield name


def _stacked(models: Sequence[nn.Module], shared: Container[str]) -> nn.Module:
    """One of the models with the tensors of all in the place of its own; tied ones stay tied."""
    try:
        parameters, buffers = stack_module_state(list(models))
    except RuntimeError as error:
        raise InvalidInput(f"These models are no ensemble: {error}") from None
    module = deepcopy(models[0])
    for name, tensor in _tensors(module):
        if name not in shared:
            tensor.data = (parameters if name in parameters else buffers)[name].detach()
    return module


def _of(tree: Any, member: int) -> Any:
    return tree_map(lambda leaf: leaf[member], tree)


@contextmanager
def _plain_attention(on_cpu: bool) -> Iterator[None]:
    """Let attention run the operations that vmap knows; the CPU's fused kernel is not among them."""
    with sdpa_kernel(SDPBackend.MATH) if on_cpu else nullcontext(), _no_fast_path():
        yield


@contextmanager
def _no_fast_path() -> Iterator[None]:
    if torch.compiler.is_compiling():  # it cannot trace the switch
        yield
        return
    enabled = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(enabled)
