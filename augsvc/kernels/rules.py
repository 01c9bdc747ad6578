"""Which of an operation's rewrite rules a drawn word takes: one by weight among those whose pattern is found."""

from __future__ import annotations

from numpy import int64, uint64

from augsvc.kernels.compose import stirred
from augsvc.kernels.draft import Scene, Site, Step
from augsvc.kernels.glance import PAGE_WORDS, begun, page_of
from augsvc.kernels.jit import inline
from augsvc.kernels.machine import trailing_zeros
from augsvc.kernels.pattern import match
from augsvc.kernels.rewrite import rewrite
from augsvc.kernels.rng import below
from augsvc.kernels.rulecode import word
from augsvc.kernels.scratch import scratch
from augsvc.rulecode import PageField, PatternField, RuleField
from augsvc.types import Int, Int32s, Int64s, Uint64s

PATTERNS, RULES, COUNT = int(PageField.PATTERNS), int(PatternField.RULES), int(PatternField.COUNT)
R_VARIANT, R_WEIGHT = int(RuleField.VARIANT), int(RuleField.WEIGHT)
PATTERN_WORDS, RULE_WORDS = len(PatternField), len(RuleField)
PAGE_BITS = 64
TURN = 1 << 20
"""What the draws of patterns are told by, from those of a rule's edits."""


@inline
def weight_of(pattern: Int, variants: Int, code: Int64s) -> Int:
    """Return the sum of the weights of a pattern's rules of some variants."""
    total, rules = int64(0), word(code, pattern + RULES)
    for rule in range(rules, rules + RULE_WORDS * word(code, pattern + COUNT), RULE_WORDS):
        if variants >> uint64(word(code, rule + R_VARIANT)) & uint64(1):
            total += word(code, rule + R_WEIGHT)
    return total


@inline
def drawn_rule(pattern: Int, variants: Int, random: Int, code: Int64s) -> Int:
    """Return one of a pattern's rules of some variants by weight."""
    left = below(stirred(random, int64(0)), weight_of(pattern, variants, code))
    rule: Int = word(code, pattern + RULES) - RULE_WORDS
    while left >= 0:
        rule += RULE_WORDS
        if variants >> uint64(word(code, rule + R_VARIANT)) & uint64(1):
            left -= word(code, rule + R_WEIGHT)
    return rule


@inline
def drawn_pattern(step: Step, found: Uint64s, random: Int, code: Int64s) -> Int:
    """Return one of the patterns found[page] of a step's operation by weight, and take it out; -1 for none."""
    variants, pages, left = uint64(step.second), word(code, step.first), int64(-1)
    # first all weights are added up, then the drawn one is looked for
    for turn in range(2):
        total = int64(0)
        for number in range(pages):
            patterns, bits = word(code, step.first + 1 + PAGE_WORDS * number + PATTERNS), found[number]
            while bits != uint64(0):
                pattern = patterns + PATTERN_WORDS * trailing_zeros(bits)
                total += weight_of(pattern, variants, code)
                if turn == 1 and total > left:
                    found[number] &= ~(bits & (~bits + uint64(1)))
                    return pattern
                bits &= bits - uint64(1)
        if total == 0:
            return int64(-1)
        left = int64(below(random, total))
    return int64(-1)


@inline
def fill_rules(scene: Scene, site: Site, draft: Int32s, at: Int) -> Int:
    """Draft what one of an operation's rules makes of a drawn word, drawn by weight among those that fit.

    Patterns are drawn in turn until one is found: so it is each as often as if all that fit were known.
    """
    code, step, found, spans = scene.tables.rule_code, site.step, scratch(), scratch()
    for number in range(word(code, step.first)):
        found[number] = begun(scene, page_of(scene, step, number), site.token, site.first, site.stop, site.seen)
    for turn in range(PAGE_BITS * word(code, step.first)):
        pattern = drawn_pattern(step, found, stirred(site.random, TURN + turn), code)
        if pattern < 0:
            return at
        if match(scene, site, pattern, spans):
            rule = drawn_rule(pattern, uint64(step.second), site.random, code)
            return rewrite(scene, site, rule, spans, draft, at)
    return at
