"""Edits for a person's eyes: what was struck, what stands in its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from augsvc.pipeline import Edit

# Controls in somebody's text must not reach the terminal: they become their Unicode pictures.
_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


def shown(original: str, edits: Iterable[Edit], *, colour: bool) -> Text:
    """The original with its edits marked: struck red and green, or, without colour, `[-old-]{+new+}`."""
    out, position = Text(), 0
    for edit in edits:
        out.append(_safe(original[position : edit.start]))
        for text, style, marked in ((edit.original, "strike red", "[-{}-]"), (edit.replacement, "green", "{{+{}+}}")):
            if text:
                out.append(_safe(text) if colour else marked.format(_safe(text)), style)
        position = edit.end
    return out.append(_safe(original[position:]))


def console() -> Console:
    """A console on standard output that wraps and highlights nothing by itself."""
    return Console(highlight=False, soft_wrap=True)


def _safe(text: str) -> str:
    return text.translate(_PICTURES)
