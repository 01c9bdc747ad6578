"""`consistency_loss`: a text and its augmented copy are to be read alike; no label is needed."""

from __future__ import annotations

from torch import Tensor

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers.checks import check_positive, check_share
from augsvc.torch.regularizers.precision import exact


def consistency_loss(
    logits_original: Tensor, logits_augmented: Tensor, *, temperature: float = 1.0, threshold: float = 0.0
) -> Tensor:
    """Return the KL divergence, in nats, of what a model says of augmented texts from what it says of the originals.

    ```python
    logits = model(tokens(batch["text"]))
    with torch.no_grad():
        target = model(tokens(batch["original_text"]))
    loss = cross_entropy(logits, labels) + consistency_loss(target, logits, temperature=0.4, threshold=0.8)
    ```

    The originals' probabilities are the target, through which no gradient flows; a temperature below 1 sharpens them.
    Rows whose highest probability, before sharpening, is at most the threshold count as 0, but the mean is over all
    rows. Xie et al., Unsupervised data augmentation for consistency training, NeurIPS 2020; theirs for images were a
    temperature of 0.4 and a threshold of 0.8, or 0.5 where there are many classes.

    Args:
        logits_original: float[*, classes], of the texts as they are.
        logits_augmented: the same of their augmented copies.
        temperature: above 0.
        threshold: 0 to 1.

    Returns a scalar. Raises InvalidInput for a setting out of range or shapes that differ.
    """
    if logits_original.shape != logits_augmented.shape or not logits_original.ndim:
        shapes = [list(x.shape) for x in (logits_original, logits_augmented)]
        raise InvalidInput(f"Logits are [*, classes] twice, not {shapes}.")
    original, augmented = exact(logits_original.detach()), exact(logits_augmented)
    target = (original / check_positive("temperature", temperature)).log_softmax(-1)
    probability = target.exp()
    # a class that is impossible, as a masked one, adds nothing, whatever is said of the copy
    difference = (target - augmented.log_softmax(-1)).masked_fill(probability == 0, 0)
    sure = original.softmax(-1).amax(-1) > check_share("threshold", threshold)
    return (probability * difference).sum(-1).masked_fill(~sure, 0).mean()
