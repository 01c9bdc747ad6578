"""Plain-Python twin of augsvc.kernels.guard: what is protected in each row, and where it is found after a pass."""

from __future__ import annotations

from augsvc.types import FormFlag, Guard, TokenFlag, TokenKind

from .plain import Edit, Token

MIXED = TokenFlag.MIXED
GUARDED = Guard.KIND | Guard.HARD | Guard.GAP
FACTS = {"function": FormFlag.FUNCTION, "negation": FormFlag.NEGATION}


def case_at(tokens: list[Token], t: int) -> int:
    return tokens[t].flags & MIXED if 0 <= t < len(tokens) else 0


def is_name(tokens: list[Token], t: int, facts: int) -> bool:
    """Say whether a word is written as a name: Title inside a sentence, CAPITALS among small letters, or mixed case."""
    if tokens[t].flags & TokenFlag.CLITIC:
        return False
    if case_at(tokens, t) == TokenFlag.TITLE:
        return not tokens[t].flags & TokenFlag.FIRST or bool(facts & FormFlag.NAME)
    shouting = TokenFlag.UPPER in (case_at(tokens, t - 1), case_at(tokens, t + 1))
    return case_at(tokens, t) == MIXED or (case_at(tokens, t) == TokenFlag.UPPER and not shouting)


def is_fit(token: Token, facts: int) -> bool:
    """Say whether a token is a word of its own that has candidates."""
    alone = not token.flags & (TokenFlag.JOINED | TokenFlag.CLITIC)
    return token.kind == TokenKind.WORD and alone and bool(facts & FormFlag.REPLACEABLE)


def guard_kinds(tokens: list[Token], form_flags: list[int], kinds: set[str]) -> list[int]:
    """Return each token's mask, KIND or FIT: kinds are the names that `protect.kinds` takes."""
    masks = []
    for t, token in enumerate(tokens):
        unknown = FormFlag.NAME if token.kind == TokenKind.WORD else 0
        facts = form_flags[token.form] if token.form >= 0 else unknown
        held = {TokenKind(token.kind).name.lower()}
        if token.kind == TokenKind.WORD:
            held = {name for name, fact in FACTS.items() if facts & fact}
            held |= {"name"} if is_name(tokens, t, facts) else set()
        masks.append(int(Guard.KIND if held & kinds else Guard.FIT if is_fit(token, facts) else 0))
    return masks


def guard_ranges(tokens: list[Token], ranges: list[tuple[int, int]]) -> list[int]:
    """Return what byte ranges add to each token's mask: HARD where they overlap it, GAP where the gap before it.

    An empty range, a point between two characters, overlaps a gap that it is in or at the edge of.
    """
    masks = []
    for t, token in enumerate(tokens):
        before = tokens[t - 1].end if t else token.start
        hard = any(start < token.end and token.start < end for start, end in ranges)
        gap = any(max(start, before) < min(end, token.start) for start, end in ranges)
        gap |= any(before <= start == end <= token.start for start, end in ranges)
        masks.append(Guard.HARD * hard + Guard.GAP * gap)
    return masks


def carry(old: list[Token], edits: list[Edit], sizes: list[int], shift: int, new: list[Token]) -> list[int]:
    """Return the masks of a row's new tokens: those of untouched old tokens found at the same text.

    Of a token that an edit rewrote, only the gap before it stays guarded, unless that was rewritten too. `sizes` are
    the bytes that each edit wrote, `shift` what lies between the row's place in old and in new data. What new tokens
    are fit for, they keep.
    """
    masks = [token.mask & Guard.FIT for token in new]
    for token in old:
        grown = zip(edits, sizes, strict=True)
        moved = shift + sum(size - (e.end - e.start) for e, size in grown if e.end <= token.start)
        touching = [edit.start for edit in edits if edit.start < token.end and token.start < edit.end]
        after = [n for n, other in enumerate(new) if other.end > token.start + moved]
        if not touching:
            for n in after:
                masks[n] |= token.mask & GUARDED if new[n].start < token.end + moved else 0
        elif after and min(touching) >= token.start:
            masks[after[0]] |= token.mask & Guard.GAP
    return masks
