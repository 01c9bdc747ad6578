"""The catalogue: every operation, in one closed union.

JSON Schema, `GET /ops`, the CLI's list and the contract tests follow from it.
"""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from augsvc.ops.adjective_form import AdjectiveForm
from augsvc.ops.adverb_form import AdverbForm
from augsvc.ops.adverb_placement import AdverbPlacement
from augsvc.ops.adverbial_fronting import AdverbialFronting
from augsvc.ops.apostrophe import Apostrophe
from augsvc.ops.auxiliary import Auxiliary
from augsvc.ops.base import Op
from augsvc.ops.clause_number import ClauseNumber
from augsvc.ops.comparative import Comparative
from augsvc.ops.conjunction import Conjunction
from augsvc.ops.contraction import Contraction
from augsvc.ops.coordination_swap import CoordinationSwap
from augsvc.ops.dative_alternation import DativeAlternation
from augsvc.ops.determiner import Determiner
from augsvc.ops.double_negation import DoubleNegation
from augsvc.ops.genitive import Genitive
from augsvc.ops.homophone import Homophone
from augsvc.ops.label_wise_replacement import LabelWiseReplacement
from augsvc.ops.mention_replacement import MentionReplacement
from augsvc.ops.misspelling import KeyboardNoise, OcrNoise, Spelling
from augsvc.ops.modal_periphrase import ModalPeriphrase
from augsvc.ops.morphology import Morphology
from augsvc.ops.noun_inflection import NounInflection
from augsvc.ops.noun_number import NounNumber
from augsvc.ops.numeral import Numeral
from augsvc.ops.orthography import Orthography
from augsvc.ops.particle import Particle
from augsvc.ops.particle_movement import ParticleMovement
from augsvc.ops.possessive import Possessive
from augsvc.ops.preposition import Preposition
from augsvc.ops.pronoun import Pronoun
from augsvc.ops.punctuation import Punctuation
from augsvc.ops.quantifier import Quantifier
from augsvc.ops.random_deletion import RandomDeletion
from augsvc.ops.random_insertion import RandomInsertion
from augsvc.ops.random_swap import RandomSwap
from augsvc.ops.relations import Antonym, Hypernym, Hyponym
from augsvc.ops.relative_pronoun import RelativePronoun
from augsvc.ops.relative_reduction import RelativeReduction
from augsvc.ops.shuffle_within_segments import ShuffleWithinSegments
from augsvc.ops.spelling_variant import SpellingVariant
from augsvc.ops.strings import Aeda, Masking
from augsvc.ops.subject_verb_agreement import SubjectVerbAgreement
from augsvc.ops.synonym import Synonym
from augsvc.ops.tense_shift import TenseShift
from augsvc.ops.that_complement import ThatComplement
from augsvc.ops.verb_form import VerbForm
from augsvc.ops.verb_inflection import VerbInflection
from augsvc.ops.verb_tense import VerbTense
from augsvc.ops.voice import Voice
from augsvc.ops.word_choice import WordChoice
from augsvc.ops.word_order import WordOrder

Operation = Annotated[
    AdjectiveForm
    | AdverbForm
    | AdverbPlacement
    | AdverbialFronting
    | Aeda
    | Antonym
    | Apostrophe
    | Auxiliary
    | ClauseNumber
    | Comparative
    | Conjunction
    | Contraction
    | CoordinationSwap
    | DativeAlternation
    | Determiner
    | DoubleNegation
    | Genitive
    | Homophone
    | Hypernym
    | Hyponym
    | KeyboardNoise
    | LabelWiseReplacement
    | Masking
    | MentionReplacement
    | ModalPeriphrase
    | Morphology
    | NounInflection
    | NounNumber
    | Numeral
    | OcrNoise
    | Orthography
    | Particle
    | ParticleMovement
    | Possessive
    | Preposition
    | Pronoun
    | Punctuation
    | Quantifier
    | RandomDeletion
    | RandomInsertion
    | RandomSwap
    | RelativePronoun
    | RelativeReduction
    | ShuffleWithinSegments
    | Spelling
    | SpellingVariant
    | SubjectVerbAgreement
    | Synonym
    | TenseShift
    | ThatComplement
    | VerbForm
    | VerbInflection
    | VerbTense
    | Voice
    | WordChoice
    | WordOrder,
    Field(discriminator="type"),
]

OPERATIONS: tuple[type[Op], ...] = get_args(get_args(Operation)[0])

__all__ = [
    "OPERATIONS",
    "AdjectiveForm",
    "AdverbForm",
    "AdverbPlacement",
    "AdverbialFronting",
    "Aeda",
    "Antonym",
    "Apostrophe",
    "Auxiliary",
    "ClauseNumber",
    "Comparative",
    "Conjunction",
    "Contraction",
    "CoordinationSwap",
    "DativeAlternation",
    "Determiner",
    "DoubleNegation",
    "Genitive",
    "Homophone",
    "Hypernym",
    "Hyponym",
    "KeyboardNoise",
    "LabelWiseReplacement",
    "Masking",
    "MentionReplacement",
    "ModalPeriphrase",
    "Morphology",
    "NounInflection",
    "NounNumber",
    "Numeral",
    "OcrNoise",
    "Op",
    "Operation",
    "Orthography",
    "Particle",
    "ParticleMovement",
    "Possessive",
    "Preposition",
    "Pronoun",
    "Punctuation",
    "Quantifier",
    "RandomDeletion",
    "RandomInsertion",
    "RandomSwap",
    "RelativePronoun",
    "RelativeReduction",
    "ShuffleWithinSegments",
    "Spelling",
    "SpellingVariant",
    "SubjectVerbAgreement",
    "Synonym",
    "TenseShift",
    "ThatComplement",
    "VerbForm",
    "VerbInflection",
    "VerbTense",
    "Voice",
    "WordChoice",
    "WordOrder",
]
