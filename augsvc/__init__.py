"""Text augmentation as a pure function of (text, pipeline, seed, epoch, row, copy), in process and as a service."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from augsvc.version import __version__

if TYPE_CHECKING:
    from augsvc import errors
    from augsvc.client import AsyncClient, Client
    from augsvc.inprocess import augment, augment_arrow, augment_table, augment_tokens, mentions_of_tokens
    from augsvc.lexicon import Lexicon
    from augsvc.pipeline import Augmented, Edit, Pipeline
    from augsvc.pipeline.gazetteer import mentions_of, words_of_tokens
    from augsvc.pipeline.tokens import AugmentedTokens


_HOMES = {
    "AsyncClient": "augsvc.client",
    "Augmented": "augsvc.pipeline",
    "AugmentedTokens": "augsvc.pipeline.tokens",
    "Client": "augsvc.client",
    "Edit": "augsvc.pipeline",
    "Lexicon": "augsvc.lexicon",
    "Pipeline": "augsvc.pipeline",
    "augment": "augsvc.inprocess",
    "augment_arrow": "augsvc.inprocess",
    "augment_table": "augsvc.inprocess",
    "augment_tokens": "augsvc.inprocess",
    "mentions_of": "augsvc.pipeline.gazetteer",
    "mentions_of_tokens": "augsvc.inprocess",
    "words_of_tokens": "augsvc.pipeline.gazetteer",
}

__all__ = [
    "AsyncClient",
    "Augmented",
    "AugmentedTokens",
    "Client",
    "Edit",
    "Lexicon",
    "Pipeline",
    "__version__",
    "augment",
    "augment_arrow",
    "augment_table",
    "augment_tokens",
    "errors",
    "mentions_of",
    "mentions_of_tokens",
    "words_of_tokens",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that `import augsvc` costs milliseconds."""
    if name == "errors":
        return import_module("augsvc.errors")
    if name not in _HOMES:
        raise AttributeError(f"module 'augsvc' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
