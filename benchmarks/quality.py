"""Quality of synonyms beside three peers, on sentences with gold tags: one table in three minutes or so.

`python benchmarks/quality.py [--sentences 10000] [--show 20]`. Each augmenter replaces one word in ten in the first
sentences of EWT's train; what it did is judged by the same rules, which docs/benchmarks.md explains.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from crossfit import cross_fitted, has_tagger
from judges import FLOOR
from peers import ensure_peers, profanities
from references import read_sources
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from scores import LONG, Scores, score
from table import print_table
from text import DATA, corpora
from treebank import Sentence, read_treebank
from trials import Trial, passes, trial

PEERS = {"nlpaug": "nlpaug", "eda": "EDA (textaugment)", "niacin": "niacin"}
OWN = "augsvc"

FIGURES: tuple[tuple[str, str, Callable[[Scores], str]], ...] = (
    ("edits", "", lambda s: f"{s.edits():,}"),
    ("sentences changed", "", lambda s: f"{s.changed:.1%}"),
    ("wrong inflection of inflected words", "<= 3 %", lambda s: s.share("inflection")),
    ("a/an wrong before edits", "<= 1 %", lambda s: s.share("article")),
    ("proper nouns among edits", "<= .5 %", lambda s: f"{s.share('name')}"),
    (f"outside common use (Zipf < {FLOOR:g})", "<= 1 %", lambda s: s.share("rare")),
    ("never seen in running text", "", lambda s: s.share("unseen")),
    ("on a profanity list, per 10,000", "0", lambda s: s.per_10_000("profane")),
    ("on every profanity list, per 10,000", "0", lambda s: s.per_10_000("profane by all")),
    ("sentences altered outside edits", "0 %", lambda s: f"{s.altered:.1%}"),
    ("identical in another process", "100 %", lambda s: f"{s.identical:.1%}"),
    (f"different next epoch (>= {LONG} words)", ">= 95 %", lambda s: f"{s.different:.1%}"),
    ("sentences that raised", "0", lambda s: str(s.trial.failed)),
    ("sentences per CPU-second", "", lambda s: f"{len(s.trial.texts) / s.trial.cpu_s:,.0f}"),
    ("MB per CPU-second", "", lambda s: f"{s.megabytes / s.trial.cpu_s:.3f}"),
    ("load, CPU-seconds", "", lambda s: f"{s.trial.load_s:.1f}"),
    ("peak resident memory, MB", "", lambda s: f"{s.trial.peak_mb:.0f}"),
)


def main() -> None:
    """Run every contender, judge it, and print the table."""
    options = _options()
    corpora()
    peers = PEERS if ensure_peers() else {}
    sentences = list(islice(read_treebank(DATA / "ud_ewt" / "en_ewt-ud-train.conllu"), options.sentences))
    with tempfile.TemporaryDirectory() as folder, _progress() as progress:
        folds = _cross_fit(folder, options.folds, progress) if has_tagger() else ()
        trials = {name: _trial(name, sentences, progress, folds) for name in (OWN, *peers)}
        columns = list(_judged(trials, sentences, progress))
    headings = ("", "aim", *(column.title for column in columns))
    rows = [(label, aim, *map(figure, columns)) for label, aim, figure in FIGURES]
    print_table(
        f"Synonyms for one word in ten: {len(sentences):,} sentences of EWT", headings, rows, _notes(bool(folds))
    )
    _show(columns[0], options.show)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=10_000, help="how many of EWT's train (default: 10000)")
    parser.add_argument("--folds", type=int, default=4, help="of the cross-fitted tagger (default: 4)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N of our edits that each judge refuses")
    options = parser.parse_args()
    if min(options.sentences, options.folds) < 1:
        parser.error("--sentences and --folds are at least 1")
    return options


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def _cross_fit(folder: str, folds: int, progress: Progress) -> tuple[str, ...]:
    for _ in progress.track(cross_fitted(Path(folder), folds), folds, description="training a tagger per fold"):
        pass
    return (folder,)


def _trial(name: str, sentences: Sequence[Sentence], progress: Progress, folds: Sequence[str]) -> Trial:
    task = progress.add_task(name, total=passes(name) * len(sentences))
    texts = [sentence.text for sentence in sentences]
    return trial(name, texts, lambda done: progress.advance(task, done), *(folds if name == OWN else ()))


def _judged(trials: dict[str, Trial], sentences: Sequence[Sentence], progress: Progress) -> Iterator[Scores]:
    task = progress.add_task("judging", total=len(trials) + 1)
    sources = read_sources()
    texts = [sentence.text for sentence in sentences]
    if listed := trials[OWN].listed:
        yield score("augsvc, its edits", trials[OWN], listed, sentences, sources)
        progress.advance(task)
    for name, found in trials.items():
        title = PEERS.get(name, "augsvc, by comparison")
        yield score(title, found, found.differences(texts), sentences, sources)
        progress.advance(task)


def _notes(cross_fit: bool) -> Iterator[str]:
    if cross_fit:
        yield "augsvc's tagger is cross-fitted: each sentence is tagged by a model that did not see it."
    else:
        yield "augsvc's pack is used as it is: this build trains no tagger, so none has seen the sentences."
    yield "The peers' tagger is NLTK's own, trained on GUM's train and EWT's dev; stop words of EDA are gensim's."
    lists = [f"{name} ({len(words)})" for name, words in profanities().items()]
    yield f"Profanity lists: {', '.join(lists) or 'none at hand, so nothing is judged by them'}."


def _show(column: Scores, number: int) -> None:
    for judge, examples in column.examples.items() if number else ():
        print(f"\n{judge}: {len(examples)} refused", *examples[:number], sep="\n  ")


if __name__ == "__main__":
    main()
