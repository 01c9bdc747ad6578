"""Tags of tokens in the BIO scheme, and the entities that they mark.

Source: Ramshaw and Marcus, "Text chunking using transformation-based learning", VLC 1995; as here (IOB2, every entity
begins with B) in Tjong Kim Sang and De Meulder, "Introduction to the CoNLL-2003 shared task", CoNLL 2003.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from augsvc.errors import Fault, InvalidInput

OUTSIDE = "O"


class Entity(NamedTuple):
    """Tokens [start, stop) of one label."""

    start: int
    stop: int
    label: str


def entities(tags: Sequence[str], pointer: str) -> list[Entity]:
    """Return the entities that tags mark; an I without its B before it begins one.

    Raises InvalidInput for what is no tag of the scheme; `pointer` says where the tags stand.
    """
    found: list[Entity] = []
    for place, tag in enumerate(tags):
        prefix, label = _parts(tag, f"{pointer}/{place}")
        if prefix == OUTSIDE:
            continue
        goes_on = prefix == "I" and found and found[-1].stop == place and found[-1].label == label
        if goes_on:
            found[-1] = found[-1]._replace(stop=place + 1)
        else:
            found.append(Entity(place, place + 1, label))
    return found


def tags_of(found: Sequence[Entity], size: int) -> list[str]:
    """Return the tags of so many tokens, of which these entities, no two on one token, are marked."""
    tags = [OUTSIDE] * size
    for entity in found:
        tags[entity.start : entity.stop] = [f"I-{entity.label}"] * (entity.stop - entity.start)
        tags[entity.start] = f"B-{entity.label}"
    return tags


def _parts(tag: object, pointer: str) -> tuple[str, str]:
    if tag == OUTSIDE:
        return OUTSIDE, ""
    prefix, dash, label = tag.partition("-") if isinstance(tag, str) else ("", "", "")
    if prefix not in ("B", "I") or not dash or not label:
        raise InvalidInput(
            f"{pointer}: {tag!r} is no tag of the BIO scheme (O, B-PER, I-PER ...): convert other schemes first; tags "
            "of words alone, as parts of speech, follow by each new token's source",
            faults=[Fault(pointer, "no BIO tag")],
        )
    return prefix, label
