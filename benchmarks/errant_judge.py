"""What ERRANT takes our errors for: the types and the tokens of the edits that it extracts from a pair of sentences.

ERRANT reads a parse by spaCy; here tags and lemmas are our own, and the few dependencies that it asks for are guessed
from the tags, so that no model is needed.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple, Self, cast

from peers import install
from rich.console import Console

from augsvc.lexicon import Lexicon
from augsvc.lexicon.spelling import regular
from augsvc.lexicon.tagging import tag_words
from augsvc.types import SLOTS, Pos

HERE = Path(__file__).parent
VENV = HERE.parent / ".venv-errant"
BATCH = 512

BE = ("be", "am", "is", "are", "was", "were", "been", "being", "'s", "'re", "'m")
HAVE, DO = ("have", "has", "had", "having", "'ve"), ("do", "does", "did")
AUXILIARIES = dict.fromkeys(BE, "be") | dict.fromkeys(HAVE, "have") | dict.fromkeys(DO, "do") | {"'d": "would"}
BETWEEN = frozenset(("RB", "PRP", "NNP"))
VERBS = frozenset(("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"))
NOUNS = frozenset(("NN", "NNS", "NNP", "NNPS"))
DEPENDENCIES = {"IN": "prep", "DT": "det", "RP": "prt", "RB": "advmod", "PRP$": "poss", ".": "punct", ",": "punct"}


class Extracted(NamedTuple):
    """An edit as ERRANT sees it: its type, and the tokens [start, end) of the wrong and of the right sentence."""

    type: str
    wrong: tuple[int, int]
    right: tuple[int, int]


class Pair(NamedTuple):
    """A right and a wrong sentence with the bounds of their tokens, and what ERRANT extracts from them."""

    wrong: list[tuple[int, int]]
    right: list[tuple[int, int]]
    edits: list[Extracted]


def ensure_errant() -> bool:
    """Make ERRANT's environment where it is missing or old; return whether it is there, having said why where not."""
    wanted, stamp = (HERE / "errant.txt").read_text("utf-8"), VENV / "installed.txt"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return True
    console = Console(stderr=True)
    try:
        with console.status(f"making {VENV.name}: installing ERRANT"):
            install(VENV, HERE / "errant.txt")
    except (OSError, subprocess.CalledProcessError) as error:
        console.print(f"ERRANT is left out: {VENV.name} could not be made ({error}).")
        return False
    stamp.write_text(wanted, "utf-8")
    return True


class Errant:
    """A running `errant_worker.py`."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._process = subprocess.Popen(
            [str(VENV / "bin" / "python"), str(HERE / "errant_worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def pairs(self, wrong: Sequence[str], right: Sequence[str]) -> Iterator[Pair]:
        """Yield what ERRANT says of each wrong sentence and its correction."""
        for at in range(0, len(wrong), BATCH):
            yield from self._batch(wrong[at : at + BATCH], right[at : at + BATCH])

    def _batch(self, wrong: Sequence[str], right: Sequence[str]) -> Iterator[Pair]:
        texts = [*wrong, *right]
        bounds = [[(start, end) for start, end in tokens] for tokens in self._ask({"tokenise": texts})]
        words = [[text[start:end] for start, end in tokens] for text, tokens in zip(texts, bounds, strict=True)]
        docs = [
            document(tokens, pos, tags, self._lexicon)
            for tokens, (pos, tags) in zip(words, tag_words(words, self._lexicon), strict=True)
        ]
        count = len(wrong)
        found = self._ask({"annotate": [*zip(docs[:count], docs[count:], strict=True)]})
        for number, edits in enumerate(found):
            extracted = [Extracted(name, (a, b), (c, d)) for name, a, b, c, d in edits]
            yield Pair(bounds[number], bounds[count + number], extracted)

    def _ask(self, request: dict[str, Any]) -> list[Any]:
        print(json.dumps(request), file=cast("IO[str]", self._process.stdin), flush=True)
        line = cast("IO[str]", self._process.stdout).readline()
        if not line:
            raise SystemExit("benchmarks/errant_worker.py ended early: see what it says above")
        answer: list[Any] = json.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def document(words: list[str], pos: list[str], tags: list[str], lexicon: Lexicon) -> dict[str, Any]:
    """Return a sentence's words, with their tags, as spaCy would parse them."""
    # ERRANT knows contractions by straight apostrophes alone
    words = [word.replace("’", "'") for word in words]
    lemmas = [lemma_of(word.lower(), tag, lexicon) for word, tag in zip(words, tags, strict=True)]
    deps, heads = _dependencies([word.lower() for word in words], tags)
    return {"words": words, "tags": tags, "pos": pos, "lemmas": lemmas, "deps": deps, "heads": heads}


def lemma_of(word: str, tag: str, lexicon: Lexicon) -> str:
    """Return the lemma in the lexicon, else the word of it that would have this form if it were regular."""
    if word in AUXILIARIES:
        return AUXILIARIES[word]
    part = next((pos for pos, slots in SLOTS.items() if tag in slots or (tag == "VBP" and pos is Pos.VERB)), None)
    if part is None:
        return word
    known = [lemma for slot in (tag, *SLOTS[part]) for lemma in lexicon.lemmas(word, slot)]
    stems = [word[:-cut] + end for cut in range(1, min(5, len(word))) for end in ("", "e", "y")]
    made = (stem for stem in stems if word in regular(stem, part).values() and lexicon.lemmas(stem, SLOTS[part][0]))
    return known[0] if known else next(made, word)


def _dependencies(words: list[str], tags: list[str]) -> tuple[list[str], list[int]]:
    """Guess relations to the next word, and those of auxiliaries to their verb."""
    deps, heads = [], []
    for at, (word, tag) in enumerate(zip(words, tags, strict=True)):
        verb = _verb_of(words, tags, at)
        following = tags[at + 1] if at + 1 < len(tags) else ""
        if verb is not None:
            deps.append("auxpass" if word in BE and tags[verb] == "VBN" else "aux")
        elif tag == "JJ":
            deps.append("amod" if following in NOUNS or following == "JJ" else "acomp")
        elif tag in ("PRP", "WP", "WDT"):
            deps.append("nsubj" if following in VERBS or following == "MD" else "dobj")
        else:
            deps.append(DEPENDENCIES.get(tag, "dep"))
        heads.append(at if verb is None else verb)
    return deps, heads


def _verb_of(words: list[str], tags: list[str], at: int) -> int | None:
    """Return the verb that an auxiliary goes with, with adverbs and a pronoun between them or not."""
    if tags[at] not in ("MD", "TO") and not (words[at] in AUXILIARIES and tags[at] in VERBS):
        return None
    verb = at + 1
    while verb < len(tags) and tags[verb] in BETWEEN and verb - at < 4:
        verb += 1
    return verb if verb < len(tags) and tags[verb] in VERBS else None
