"""A BERT-style encoder with dropout, fine-tuned from the stream on a small labelled set until accuracy turns.

The held-out texts choose the epoch, too, so the accuracy on them is a little too good: judge by others.

    python examples/encoder.py
    python examples/encoder.py --model DIRECTORY --train train.jsonl --test test.jsonl --learning-rate 2e-5

Without a directory of a pretrained model, a small one of random weights is made here, with its tokens; nothing is
downloaded. With `--consistency` the stream delivers each text as it is beside its augmented form, and the model learns
to say the same of both (Xie et al., Unsupervised data augmentation for consistency training, NeurIPS 2020).
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import curves
import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from torch.nn import functional

from augsvc.torch import AugmentedStream, Batch
from augsvc.torch.regularizers import RegularizationPlan, Regularizers, consistency_loss, load_plan
from augsvc.views import Workspace

MESSAGES = Path(__file__).parent / "data" / "messages.jsonl"
BATCH_ROWS, LONGEST, VOCABULARY = 16, 64, 800
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

Example = dict[str, str]


class Classifier:
    """An encoder with its tokenizer: texts to scores of `labels`."""

    def __init__(self, folder: str | None, texts: Sequence[str], labels: Sequence[str]) -> None:
        self.labels = {label: number for number, label in enumerate(labels)}
        if folder:
            self.tokens = transformers.AutoTokenizer.from_pretrained(folder)
            # a head for other labels is left behind
            self.model = transformers.AutoModelForSequenceClassification.from_pretrained(
                folder, num_labels=len(labels), ignore_mismatched_sizes=True
            )
        else:
            self.tokens = tokenizer(texts)
            self.model = bert(len(self.tokens), len(labels))

    def __call__(self, texts: Sequence[str]) -> torch.Tensor:
        """Scores float32[texts, labels]."""
        tokens = self.tokens(list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        scores: torch.Tensor = self.model(**tokens).logits
        return scores

    def targets(self, labels: Sequence[str]) -> torch.Tensor:
        """Numbers of labels, int64[labels]."""
        return torch.tensor([self.labels[label] for label in labels])


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and test, and plot the curve."""
    options = parsed(arguments)
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    transformers.logging.set_verbosity_error()
    training, held_out = examples(options.train, options.test)
    plan = load_plan(options.plan)
    labels = sorted({example["label"] for example in training})
    classifier = Classifier(options.model, [example["text"] for example in training], labels)
    regularized = plan.apply(classifier.model, lr=options.learning_rate)
    with tempfile.TemporaryDirectory() as data:
        stream = streamed(plan, data, training, paired=options.consistency > 0)
        rows: list[curves.Row] = []
        stop = False
        while not stop and len(rows) < options.epochs:
            rows.append(epoch(classifier, regularized, stream, options.consistency) | test(classifier, held_out))
            curves.tell(len(rows) - 1, rows[-1])
            stop = regularized.epoch_end(rows[-1][f"held-out {measured(plan)}"])
    conclude(classifier, regularized, rows, held_out)
    curves.plot(rows, kept(regularized, rows), options.plot)


def epoch(
    classifier: Classifier, regularized: Regularizers, stream: AugmentedStream, weight: float
) -> dict[str, float]:
    """Train an epoch; return the mean loss and the share of augmented texts that were right before each step."""
    classifier.model.train()
    losses, right = 0.0, 0
    for batch in stream:
        scores, targets = classifier(batch["text"]), classifier.targets(batch["label"])
        loss = regularized.loss(scores, targets)
        losses += loss.item() * len(targets)
        right += int((scores.argmax(1) == targets).sum())
        if weight:
            loss = loss + weight * disagreement(classifier, scores, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        regularized.step()
    return {"training loss": losses / stream.rows, "training accuracy": right / stream.rows}


def disagreement(classifier: Classifier, scores: torch.Tensor, batch: Batch) -> torch.Tensor:
    """The loss of pairs: how far from what is said of each text as it is, scores of its augmented form are."""
    with torch.no_grad():
        before = classifier(batch["_original"])
    return consistency_loss(before, scores)


@torch.no_grad()
def test(classifier: Classifier, held_out: Sequence[Example]) -> dict[str, float]:
    """The loss and the accuracy on texts that are not trained on, as they are."""
    classifier.model.eval()
    scores = classifier([example["text"] for example in held_out])
    targets = classifier.targets([example["label"] for example in held_out])
    accuracy = (scores.argmax(1) == targets).float().mean().item()
    return {"held-out loss": functional.cross_entropy(scores, targets).item(), "held-out accuracy": accuracy}


def measured(plan: RegularizationPlan) -> str:
    """What the plan stops by: accuracy, unless it says loss."""
    return plan.early_stopping.metric if plan.early_stopping else "accuracy"


def kept(regularized: Regularizers, rows: Sequence[curves.Row]) -> int:
    """The epoch whose weights were kept."""
    best = regularized.stopping.best_step if regularized.stopping else None
    return len(rows) - 1 if best is None else best


def conclude(
    classifier: Classifier, regularized: Regularizers, rows: Sequence[curves.Row], held_out: Sequence[Example]
) -> None:
    """Put the best weights back, and tell how well they do."""
    regularized.finish()
    best, accuracy = kept(regularized, rows), test(classifier, held_out)["held-out accuracy"]
    print(
        f"kept are the weights of epoch {best} of {len(rows)}: {accuracy:.1%} of {len(held_out)} held-out texts right"
    )


def streamed(plan: RegularizationPlan, data: str, training: Sequence[Example], *, paired: bool) -> AugmentedStream:
    """The stream of the training texts, augmented as the plan says; an address would stand for a running server."""
    lines = "".join(json.dumps(example) + "\n" for example in training)
    Workspace(data).corpora.put("training", io.BytesIO(lines.encode()), "application/x-ndjson")
    options: dict[str, Any] = {"include_original": "column"} if paired else {}
    return plan.stream(data, "training", batch_size=BATCH_ROWS, local=True, **options)


def tokenizer(texts: Sequence[str]) -> transformers.PreTrainedTokenizerFast:
    """Parts of words as BERT writes them, learned from the texts: by byte pairs, which the same texts always give."""
    tokens = Tokenizer(models.BPE(unk_token="[UNK]", continuing_subword_prefix="##"))
    tokens.normalizer = normalizers.BertNormalizer()
    tokens.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=list(SPECIAL), continuing_subword_prefix="##", show_progress=False
    )
    tokens.train_from_iterator(texts, trainer)
    ends = [(name, SPECIAL.index(name)) for name in ("[CLS]", "[SEP]")]
    tokens.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return transformers.PreTrainedTokenizerFast(tokenizer_object=tokens, pad_token="[PAD]", unk_token="[UNK]")


def bert(vocabulary: int, labels: int) -> transformers.PreTrainedModel:
    """Two layers of random weights; the plan sets their dropout."""
    config = transformers.BertConfig(
        vocab_size=vocabulary,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        max_position_embeddings=LONGEST,
        num_labels=labels,
    )
    return transformers.BertForSequenceClassification(config)


def examples(train: Path | None, tested: Path | None) -> tuple[list[Example], list[Example]]:
    """Labelled texts to train on and to test with: those of files, or four of five of the example messages."""
    if train and tested:
        return read(train), read(tested)
    found = read(train or MESSAGES)
    return [example for number, example in enumerate(found) if number % 5], found[::5]


def read(path: Path) -> list[Example]:
    """The lines of a file as JSON, each with a `text` and a `label`."""
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [{"text": example["text"], "label": str(example["label"])} for example in found]


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", help="a directory of a pretrained encoder, as transformers saves it")
    parser.add_argument("--train", type=Path, help="JSON lines of text and label; by default the example messages")
    parser.add_argument("--test", type=Path, help="the same to test with; by default every fifth line of the others")
    parser.add_argument("--plan", default="finetune", help="a RegularizationPlan's name, or a file of one")
    parser.add_argument("--consistency", type=float, default=0.0, help="weight of the loss on pairs")
    parser.add_argument("--epochs", type=int, default=40, help="at most so many")
    parser.add_argument("--learning-rate", type=float, default=1e-3, help="for a pretrained model 2e-5 or so")
    parser.add_argument("--seed", type=int, default=0, help="of the first weights and of dropout")
    parser.add_argument("--plot", type=Path, default=Path("encoder.svg"), help="the learning curve")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
