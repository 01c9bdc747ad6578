"""`POST /augment`, a plain Starlette route: several times cheaper than FastAPI's own reading and writing of models."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from augsvc.service.augmenting import JSON, augment
from augsvc.service.bodies import read_json
from augsvc.service.meter import Meter
from augsvc.service.state import Service, refuse_parameters, service_of
from augsvc.wire import ARROW, negotiate


async def augment_texts(request: Request) -> Response:
    """Augment the texts of the body; see the OpenAPI document."""
    await refuse_parameters(request)
    service = await service_of(request)
    media = negotiate(request.headers.get("accept"), (JSON, ARROW))
    body = await read_json(request)
    answer = await service.work.run(_answer, service, body, media, service.metrics.meter(request.scope))
    return Response(answer, media_type=media)


def _answer(service: Service, body: bytes, media: str, meter: Meter) -> bytes:
    most = service.settings.max_answer_characters
    return augment(body, media, service.workspace.lexicon, most, lambda: service.closed, meter)
