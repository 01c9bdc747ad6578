"""`POST /augment` without HTTP: from the body's bytes to the answer's, a slice of the texts at a time.

A result depends on its own text and id alone, so slices change nothing but how much is held as Python objects.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyarrow as pa

from augsvc.errors import Fault, InvalidInput, TooLarge, Unavailable
from augsvc.lexicon import Lexicon
from augsvc.pipeline import Augmented, Pipeline, results
from augsvc.pipeline import parse as parse_pipeline
from augsvc.service.answers import as_arrow, as_json
from augsvc.service.bodies import parse
from augsvc.service.meter import Meter
from augsvc.service.problems import invalid, moved
from augsvc.service.schemas import AugmentRequest
from augsvc.wire import ARROW

JSON = "application/json"
SLICE_BYTES = 2**20
UNMETERED = Meter()

_SPANS = re.compile(r"/spans/([0-9]+)")


def augment(
    body: bytes,
    media_type: str,
    lexicon: Lexicon,
    max_answer_characters: int,
    stopped: Callable[[], bool],
    meter: Meter = UNMETERED,
) -> bytes:
    """The answer to a request's JSON body, as JSON or as an Arrow stream of the same columns.

    Its stages are `parse`, `augment` and `encode`.

    Raises BadRequest, InvalidText, InvalidInput, InvalidPipeline or TooLarge.
    """
    with meter.stages("parse"):
        request = parse(AugmentRequest, body)
        _check(request, max_answer_characters)
        with moved("/pipeline"):
            pipeline = parse_pipeline(request.pipeline)
    # Below 2**53 every JSON reader keeps a number exact.
    seed = secrets.randbelow(2**53) if request.seed is None else request.seed
    head = {"seed": seed, "epoch": request.epoch, "pipeline": pipeline.fingerprint(lexicon)}
    slices = _until(stopped, _slices(request, pipeline, lexicon, seed, meter))
    with meter.stages("encode"):
        if media_type != ARROW:
            return as_json(head, slices, with_edits=request.return_edits)
        id_type = pa.string() if isinstance((request.ids or [0])[0], str) else pa.int64()
        return as_arrow(head, slices, with_edits=request.return_edits, id_type=id_type)


def _until(stopped: Callable[[], bool], slices: Iterator[list[Augmented]]) -> Iterator[list[Augmented]]:
    for part in slices:
        if stopped():
            raise Unavailable("The server is stopping; ask again, or another replica.", retry_after=1.0)
        yield part


def _check(request: AugmentRequest, max_answer_characters: int) -> None:
    """What the schema cannot say: lengths that must agree, ids of one type, the size of the answer."""
    faults = [
        Fault(f"/{name}", f"{len(values)} given for {len(request.texts)} texts.")
        for name, values in (("ids", request.ids), ("spans", request.spans))
        if values is not None and len(values) != len(request.texts)
    ]
    if request.ids and len({type(row) for row in request.ids}) > 1:
        faults.append(Fault("/ids", "Ids are all integers or all strings."))
    if faults:
        raise invalid("The request's parts do not fit together", faults)
    asked = sum(map(len, request.texts)) * request.copies
    if asked > max_answer_characters:
        raise TooLarge(f"The answer would hold about {asked} characters; ask for at most {max_answer_characters}.")


def _slices(
    request: AugmentRequest, pipeline: Pipeline, lexicon: Lexicon, seed: int, meter: Meter
) -> Iterator[list[Augmented]]:
    ids = range(len(request.texts)) if request.ids is None else request.ids
    for part in _parts(request):
        with meter.stages("augment"), _from_text(part.start):
            found = results(
                request.texts[part],
                pipeline,
                lexicon,
                seed=seed,
                epoch=request.epoch,
                ids=list(ids[part]),
                copies=request.copies,
                spans=None if request.spans is None else request.spans[part],
                offset_unit=request.offset_unit,
            )
        meter.add(len(found), len("".join([one.text for one in found]).encode()))
        yield found


@contextmanager
def _from_text(first: int) -> Iterator[None]:
    """Lets the faults of a slice that begins with text number `first` point into the whole request."""
    try:
        yield
    except InvalidInput as error:
        detail, *pointers = (
            _SPANS.sub(lambda at: f"/spans/{int(at[1]) + first}", text)
            for text in (error.detail, *(fault.pointer for fault in error.faults))
        )
        faults = [Fault(pointer, fault.detail) for pointer, fault in zip(pointers, error.faults, strict=True)]
        raise InvalidInput(detail, faults=faults) from None


def _parts(request: AugmentRequest) -> Iterator[slice]:
    """Consecutive ranges of texts whose copies hold about SLICE_BYTES, at least one text each."""
    start = size = 0
    for index, text in enumerate(request.texts):
        size += (len(text) + 1) * request.copies
        if size >= SLICE_BYTES:
            yield slice(start, index + 1)
            start, size = index + 1, 0
    if start < len(request.texts):
        yield slice(start, len(request.texts))
