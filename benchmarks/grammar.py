"""Whether an edit made an error, by the gold tags and trees of a treebank and by nothing of ours.

A checker for agreement, number, determiners, tense and verb forms. It looks for what makes the result wrong: a subject
of the other number, a numeral, an auxiliary that asks for another form. Where it finds nothing it says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from augsvc.pipeline import Edit

SINGULAR = frozenset(["a", "an", "this", "that", "each", "every", "another", "one"])
PLURAL = frozenset(["these", "those", "many", "several", "few", "both", "various", "numerous"])
QUANTITIES = frozenset(["lot", "plenty", "number", "variety", "dozen", "hundred", "thousand", "couple", "series"])
PARTS = frozenset(["half", "quarter", "third", "percent", "rest", "majority", "lot", "number", "all", "some", "most"])
DETERMINERS = frozenset(("det", "nmod:poss", "det:predet", "nummod"))
THIRD = frozenset(["is", "was", "has", "does"])
PLURAL_VERBS = frozenset(["are", "were", "have", "do", "am"])
PAST_TIMES = frozenset(("yesterday", "ago", "last"))
TIME_MARKERS = frozenset(["if", "when", "after", "before", "until", "once", "while", "unless"])
FINITE = frozenset(("VBD", "VB", "VBZ", "VBP", "MD"))
BARE_SHARE = 0.15
"""A noun that stands without a determiner no more often than this is countable."""


class Verdict(Enum):
    """What the checker says of an edit."""

    WRONG = "an error"
    RIGHT = "no error"
    UNKNOWN = "nothing says that it is an error"


@dataclass
class Node:
    """A word of a tree: its bounds in the text and its columns of CoNLL-U."""

    number: int
    start: int
    end: int
    form: str
    lemma: str
    tag: str
    features: dict[str, str]
    head: int
    relation: str
    children: list[Node] = field(default_factory=list)

    @property
    def word(self) -> str:
        """The form in small letters."""
        return self.form.lower()

    def of(self, *relations: str) -> list[Node]:
        """Return the children of some relations, subtypes included."""
        return [child for child in self.children if child.relation.startswith(relations)]


@dataclass
class Tree:
    """A sentence of a treebank."""

    text: str
    nodes: list[Node]

    def at(self, start: int, end: int) -> list[Node]:
        """Return the words that text[start:end] touches."""
        return [node for node in self.nodes if node.start < end and start < node.end]

    def head(self, node: Node) -> Node | None:
        """Return the word that a word depends on."""
        return self.nodes[node.head - 1] if node.head else None

    def after(self, at: int) -> Node | None:
        """Return the first word that begins at or after a place of the text."""
        return next((node for node in self.nodes if node.start >= at), None)


def read_trees(path: Path) -> Iterator[Tree]:
    """Yield the sentences of a CoNLL-U file."""
    for block in path.read_text("utf-8").split("\n\n"):
        lines = block.splitlines()
        text = next((line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")), None)
        if text is not None:
            yield _tree(text, [line.split("\t") for line in lines if line.partition("\t")[0].isdigit()])


def _tree(text: str, rows: Sequence[Sequence[str]]) -> Tree:
    nodes, end = list[Node](), 0
    for number, form, lemma, _, tag, features, head, relation, *_ in rows:
        start = text.index(form, end)
        end = start + len(form)
        pairs = dict(pair.split("=", 1) for pair in features.split("|") if "=" in pair)
        nodes.append(Node(int(number), start, end, form, lemma, tag, pairs, int(head), relation))
    for node in nodes:
        if node.head:
            nodes[node.head - 1].children.append(node)
    return Tree(text, nodes)


class Grammar:
    """Judges edits; `bare` holds, for each noun, its singulars and those of them without a determiner."""

    def __init__(self, nouns: Counter[str], bare: Counter[str]) -> None:
        self._nouns, self._bare = nouns, bare

    @classmethod
    def of(cls, trees: Iterable[Tree]) -> Grammar:
        """Count subjects and objects with and without determiners in a treebank: elsewhere nouns may stand bare."""
        nouns, bare = Counter[str](), Counter[str]()
        for tree in trees:
            for node in tree.nodes:
                if (
                    node.tag == "NN"
                    and node.relation in ("nsubj", "obj")
                    and not node.of("compound", "conj", "nmod:poss")
                ):
                    nouns[node.lemma] += 1
                    bare[node.lemma] += not node.of(*DETERMINERS)
        return cls(nouns, bare)

    def verdict(self, operation: str, tree: Tree, edits: Sequence[Edit]) -> Verdict:
        """Judge the main edit of a group."""
        main = next((edit for edit in edits if edit.op != "article"), edits[0])
        return JUDGED[operation](self, tree, main)

    def countable(self, noun: Node) -> bool:
        """Say whether a noun hardly ever stands bare in the singular."""
        return self._bare[noun.lemma] <= BARE_SHARE * self._nouns[noun.lemma] + 1

    def agreement(self, tree: Tree, edit: Edit) -> Verdict:
        """Judge a finite verb: it must not agree with its subject."""
        verb = _one(tree, edit)
        if verb is None or verb.tag not in ("VBZ", "VBP", "VBD"):
            return Verdict.UNKNOWN
        singular = _singular_subject(tree, verb)
        if singular is None:
            return Verdict.UNKNOWN
        written = _last_word(edit)
        if verb.word == "am":
            return Verdict.WRONG
        third = written in THIRD or (written.endswith("s") and written not in PLURAL_VERBS)
        if written == "was" and verb.word == "were":
            third = True
        return Verdict.WRONG if third != singular else Verdict.RIGHT

    def number(self, tree: Tree, edit: Edit) -> Verdict:
        """Judge a noun in the other number: a determiner, a numeral or its verb must be against it."""
        noun = _one(tree, edit)
        if noun is None or noun.tag not in ("NN", "NNS"):
            return Verdict.UNKNOWN
        plural = noun.tag == "NN"
        others = {child.word for child in noun.of("det", "nummod", "amod", "det:predet")}
        counted = any(child.tag == "CD" and child.word not in ("1", "one") for child in noun.of("nummod"))
        against = bool(others & SINGULAR) if plural else bool(others & PLURAL) or counted
        against |= not plural and _is_of_many(tree, noun)
        agreed = _verb_of(tree, noun)
        against |= agreed is not None and agreed is plural
        return Verdict.WRONG if against else Verdict.UNKNOWN

    def determiner(self, tree: Tree, edit: Edit) -> Verdict:
        """Judge a determiner that went, came or changed."""
        if not edit.original.strip():
            return self._added(tree, edit)
        if edit.replacement.lower().endswith(f" {edit.original.lower()}"):
            return self._added(tree, edit)
        nodes = [node for node in tree.at(edit.start, edit.end) if node.tag in ("DT", "PRP$", "JJ", "PDT")]
        noun = tree.head(nodes[0]) if nodes else None
        if noun is None or not nodes[0].relation.startswith(("det", "nmod:poss", "amod")):
            return Verdict.UNKNOWN
        return self._replaced(noun, nodes[0], edit) if nodes[0].word != _last_word(edit) else Verdict.RIGHT

    def _replaced(self, noun: Node, old: Node, edit: Edit) -> Verdict:
        kept = [child for child in noun.of(*DETERMINERS) if child is not old]
        new = _first_word(edit)
        if new in ("a", "an") and old.word in ("a", "an"):
            return Verdict.WRONG
        gone = not edit.replacement.strip() or (new not in SINGULAR | PLURAL | {"all", "each", "other", "the"})
        if gone:
            unique = any(child.tag == "JJS" or child.word in ("same", "only") for child in noun.children)
            bare = noun.features.get("Number") == "Sing" and noun.tag == "NN" and not kept
            return Verdict.WRONG if (bare and (self.countable(noun) or unique)) or unique else Verdict.UNKNOWN
        plural = noun.features.get("Number") == "Plur"
        clash = new in SINGULAR if plural else new in PLURAL | {"all", "other"}
        superlative = any(child.tag == "JJS" or child.word in ("same", "only") for child in noun.children)
        return Verdict.WRONG if clash or (superlative and new in ("a", "an")) else Verdict.UNKNOWN

    def _added(self, tree: Tree, edit: Edit) -> Verdict:
        following = tree.after(edit.start)
        if following is None:
            return Verdict.UNKNOWN
        if following.relation in ("det", "nmod:poss"):
            return Verdict.WRONG
        noun = following if following.tag in ("NN", "NNS") else tree.head(following)
        plural = noun is not None and noun.features.get("Number") == "Plur"
        mass = noun is not None and noun.tag == "NN" and not self.countable(noun)
        return Verdict.WRONG if plural or mass else Verdict.UNKNOWN

    def form(self, tree: Tree, edit: Edit) -> Verdict:
        """Judge a non-finite verb: an auxiliary, a preposition or another verb must ask for the form that it had."""
        verbs = [node for node in tree.at(edit.start, edit.end) if node.tag.startswith("VB")]
        if not edit.original.strip():
            following = tree.after(edit.start)
            verbs = [following] if following else []
        elif edit.original.strip().lower() == "to":
            marker = tree.at(edit.start, edit.end)
            return Verdict.WRONG if marker and marker[0].tag == "TO" else Verdict.UNKNOWN
        verb = verbs[-1] if verbs else None
        return Verdict.WRONG if verb is not None and verb.tag in _asked(tree, verb) else Verdict.UNKNOWN

    def tense(self, tree: Tree, edit: Edit) -> Verdict:
        """Judge a tense: an adverb of time, or a coordinate verb of the same subject, must be against it."""
        verb = next((node for node in tree.at(edit.start, edit.end) if node.tag in FINITE), None)
        if verb is None:
            return Verdict.UNKNOWN
        if "will" in edit.replacement.lower().split() and verb.tag != "MD":
            return Verdict.WRONG if _in_time_clause(tree, verb) else Verdict.UNKNOWN
        if verb.tag == "MD" and edit.original.lower() in ("would", "could"):
            return Verdict.WRONG if _is_unreal(tree, verb) else Verdict.UNKNOWN
        wanted = PAST_TIMES if verb.tag == "VBD" else frozenset(("tomorrow", "tonight"))
        timed = any(node.word in wanted for node in _below(verb))
        first = tree.head(verb) if verb.relation == "conj" else None
        coordinate = first is not None and _is_past(first)
        return Verdict.WRONG if timed or coordinate or _with_past(tree, verb) else Verdict.UNKNOWN


Judge = Callable[[Grammar, Tree, Edit], Verdict]
JUDGED: dict[str, Judge] = {
    "subject_verb_agreement": Grammar.agreement,
    "noun_number": Grammar.number,
    "determiner": Grammar.determiner,
    "verb_form": Grammar.form,
    "verb_tense": Grammar.tense,
}


def _one(tree: Tree, edit: Edit) -> Node | None:
    nodes = tree.at(edit.start, edit.end)
    return nodes[-1] if nodes else None


def _last_word(edit: Edit) -> str:
    words = edit.replacement.lower().split()
    return words[-1] if words else ""


def _first_word(edit: Edit) -> str:
    words = edit.replacement.lower().split()
    return words[0] if words else ""


def _in_time_clause(tree: Tree, verb: Node) -> bool:
    """Say whether a verb stands in a clause of time or condition, which has no future in English."""
    clause = _predicate(tree, verb)
    return clause.relation.startswith("advcl") and any(
        child.word in TIME_MARKERS for child in clause.of("mark", "advmod")
    )


def _is_unreal(tree: Tree, modal: Node) -> bool:
    """Say whether a modal stands under a wish, or beside a condition in the past."""
    clause = _predicate(tree, modal)
    head = tree.head(clause)
    conditions = [child for child in clause.of("advcl") if any(mark.word == "if" for mark in child.of("mark"))]
    return (head is not None and head.lemma == "wish") or any(_is_past(child) for child in conditions)


def _is_past(clause: Node) -> bool:
    return "VBD" in (clause.tag, *(child.tag for child in clause.of("cop", "aux")))


def _with_past(tree: Tree, verb: Node) -> bool:
    """Say whether a verb stands in a clause of time whose main clause is past, or beside such a clause."""
    clause = _predicate(tree, verb)
    head = tree.head(clause)
    main = head is not None and _in_time_clause(tree, verb) and _is_past(head)
    return main or any(_is_past(child) and _in_time_clause(tree, child) for child in clause.of("advcl"))


def _below(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        if child.relation not in ("conj", "ccomp", "parataxis"):
            yield from _below(child)


def _predicate(tree: Tree, verb: Node) -> Node:
    """Return the head of the clause that a finite verb stands in."""
    head = tree.head(verb)
    return head if head is not None and verb.relation.startswith(("aux", "cop")) else verb


def _singular_subject(tree: Tree, verb: Node) -> bool | None:
    """Say whether the subject of a finite verb asks for the third person singular; None where there is none."""
    clause: Node | None = _predicate(tree, verb)
    while clause is not None:
        # of two subjects, as in "the reason is because they are late", the nearer one is the verb's
        found = [node for node in clause.of("nsubj", "csubj") if node.number < verb.number] or clause.of("nsubj")
        if found:
            return _is_third_singular(tree, found[-1], clause)
        if clause.of("expl"):
            return True
        # a coordinate clause shares the subject of the first, a relative one may have that of its noun
        if clause.relation.startswith("acl:relcl"):
            antecedent = tree.head(clause)
            return None if antecedent is None else _is_third_singular(tree, antecedent, clause)
        clause = tree.head(clause) if clause.relation == "conj" else None
    return None


def _is_third_singular(tree: Tree, subject: Node, clause: Node) -> bool | None:
    """Say whether a subject asks for the third person singular; None where its number does not show."""
    if subject.tag in ("WDT", "WP", "IN") or subject.word == "that":
        antecedent = tree.head(clause) if clause.relation.startswith("acl") else None
        return True if antecedent is None else _is_third_singular(tree, antecedent, antecedent)
    if any(cc.word == "and" for conj in subject.of("conj") for cc in conj.of("cc")):
        return False
    whole = [child for child in subject.of("nmod") if any(case.word == "of" for case in child.of("case"))]
    if whole and (subject.tag in ("DT", "CD", "JJ", "JJS") or subject.lemma in PARTS):
        return _is_third_singular(tree, whole[0], clause)
    return _number(subject)


def _number(subject: Node) -> bool | None:
    number = subject.features.get("Number")
    if subject.word == "there":
        return None
    if subject.tag in ("PRP", "DT"):
        return number != "Plur" and subject.features.get("Person", "3") == "3"
    if subject.relation.startswith("csubj") or subject.tag.startswith("VB"):
        return True
    return None if number is None else number == "Sing"


def _is_of_many(tree: Tree, noun: Node) -> bool:
    """Say whether a noun stands after one of, a lot of and the like."""
    head = tree.head(noun)
    of = any(child.word == "of" for child in noun.of("case"))
    return of and head is not None and (head.lemma in QUANTITIES or head.word == "one")


def _verb_of(tree: Tree, noun: Node) -> bool | None:
    """Say whether the verb that a noun is the subject of is singular; None where nothing tells."""
    if not noun.relation.startswith("nsubj") or noun.of("conj"):
        return None
    clause = tree.head(noun)
    verbs = [] if clause is None else [clause, *clause.of("aux", "cop")]
    finite = [v for v in verbs if v.tag in ("VBZ", "VBP") or v.word in ("was", "were")]
    first = min(finite, key=lambda node: node.number, default=None)
    return None if first is None else first.tag == "VBZ" or first.word == "was"


def _asked(tree: Tree, verb: Node) -> frozenset[str]:
    """Return the tags of the forms that an auxiliary, a marker or a governing verb allows a verb."""
    clause = _predicate(tree, verb)
    before = [node for node in clause.of("aux", "mark", "case") if node.number < verb.number]
    last = max(before, key=lambda node: node.number, default=None)
    if last is None:
        governed = verb.relation in ("xcomp", "ccomp") and verb.tag in ("VBG", "VB")
        return frozenset((verb.tag,)) if governed else frozenset()
    if last.tag in ("MD", "TO") or last.lemma == "do":
        return frozenset(("VB",))
    if last.lemma == "have":
        return frozenset(("VBN",))
    if last.lemma == "be":
        return frozenset(("VBN",) if last.relation == "aux:pass" else ("VBG",))
    preposition = last.tag == "IN" or any(child.tag == "IN" for child in last.of("fixed"))
    return frozenset(("VBG",)) if preposition else frozenset()
