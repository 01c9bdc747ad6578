"""Relations of entries: by likely sense, common words only, weights that leave room for other meanings."""

from __future__ import annotations

from augsvc.lexicon.builder.entries import read_entries
from augsvc.lexicon.builder.relations import WHOLE, relation_columns
from augsvc.lexicon.builder.wordnet import Synset, Word
from augsvc.types import Pos, Relation, RelationBits

DEEP = 7
SYNSETS = [
    Synset(Pos.NOUN, (Word("dog", 1, 30, "", frozenset()),), "noun.animal", "dog.n.01", ("canine.n.01",), DEEP + 1),
    Synset(Pos.NOUN, (Word("dog", 2, 0, "", frozenset()),), "noun.person", "cad.n.01", ("villain.n.01",), DEEP + 1),
    Synset(Pos.NOUN, (Word("canine", 1, 1, "", frozenset()),), "noun.animal", "canine.n.01", ("thing.n.01",), DEEP),
    Synset(Pos.NOUN, (Word("villain", 1, 1, "", frozenset()),), "noun.person", "villain.n.01", (), DEEP),
    Synset(Pos.NOUN, (Word("thing", 1, 9, "", frozenset()),), "noun.Tops", "thing.n.01", (), 1),
    Synset(Pos.NOUN, (Word("Fido", 1, 5, "", frozenset()),), "noun.animal", "fido.n.01", ("dog.n.01",), DEEP + 2),
    Synset(Pos.NOUN, (Word("poodle", 1, 0, "", frozenset()),), "noun.animal", "poodle.n.01", ("dog.n.01",), DEEP + 2),
    Synset(Pos.NOUN, (Word("rarity", 1, 0, "", frozenset()),), "noun.animal", "rarity.n.01", ("dog.n.01",), DEEP + 2),
    Synset(Pos.ADJ, (Word("hot", 1, 4, "", frozenset(), ("cold",)),), "adj.all", "hot.a.01"),
    Synset(Pos.ADJ, (Word("cold", 1, 4, "", frozenset(), ("hot",)),), "adj.all", "cold.a.01"),
]


def relations(forbidden: frozenset[str] = frozenset()) -> dict[tuple[str, Relation], list[tuple[str, int]]]:
    """Return (lemma, relation) -> its words with their weights."""
    entries = [*read_entries(SYNSETS).values()]
    columns = relation_columns(entries, SYNSETS, forbidden, lambda form: 40 if form.startswith("rarit") else 128)
    found: dict[tuple[str, Relation], list[tuple[str, int]]] = {}
    for entry, start, stop in zip(entries, columns["relation.start"], columns["relation.start"][1:], strict=False):
        for word in columns["relation.word"][start:stop].tolist():
            kind = Relation(word >> RelationBits.KIND & 3)
            other = entries[word & (1 << RelationBits.KIND) - 1].lemma
            found.setdefault((entry.lemma, kind), []).append((other, word >> RelationBits.WEIGHT))
    return found


def test_a_sense_of_few_uses_gives_none_and_takes_its_share() -> None:
    ((word, weight),) = relations()["dog", Relation.HYPERNYM]
    assert word == "canine"
    assert 0.99 * WHOLE < weight < WHOLE


def test_what_is_too_general_rare_or_a_name_is_left_out() -> None:
    found = relations()
    assert ("canine", Relation.HYPERNYM) not in found
    assert [word for word, _ in found["dog", Relation.HYPONYM]] == ["poodle"]


def test_antonyms_are_of_the_word_itself_and_forbidden_words_of_none() -> None:
    assert relations()["hot", Relation.ANTONYM] == [("cold", WHOLE)]
    assert ("hot", Relation.ANTONYM) not in relations(frozenset({"cold"}))
