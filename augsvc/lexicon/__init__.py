"""The lexicon pack: a language's words, senses, forms and Unicode tables in one memory-mapped file.

`Lexicon` reads it, `augsvc.lexicon.inspect` checks it, and `augsvc.lexicon.builder`, which readers never import,
compiles it from WordNet, LemmInflect and UniMorph.
"""

from __future__ import annotations

from augsvc.lexicon.pack import Lexicon

__all__ = ["Lexicon"]
