"""What a running service holds: its workspace, its slots for work, and whether it is warm or draining."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from augsvc.errors import AugsvcError, Fault, Unavailable
from augsvc.lexicon import Lexicon
from augsvc.pipeline.warm import warm
from augsvc.service.metrics import Metrics
from augsvc.service.problems import invalid
from augsvc.service.settings import Settings
from augsvc.service.slots import Slots
from augsvc.service.warmth import Progress, Warmth
from augsvc.views import Workspace


class Service:
    """State of one application; made by `create_app`, reached by routes through `Current`.

    Raises InvalidInput for an overlay that is none.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        lexicon = Lexicon.open(overlay=settings.overlay)
        self.metrics = Metrics(self._is_ready, lexicon.digest)
        self.workspace = Workspace(settings.data, lexicon, self.metrics.stages)
        self.work = Slots(settings.concurrency, "work", self.metrics.stages)
        self.transfers = Slots(settings.max_transfers, "transfer", self.metrics.stages)
        self.warmth = Warmth(self._warm)
        self.draining = False
        self.closed = False

    def check_ready(self) -> None:
        """Raises Unavailable while the service warms up or drains."""
        if self.draining:
            raise Unavailable("The server is stopping; ask another replica.", retry_after=1.0)
        self.warmth.check()

    def drain(self) -> None:
        """Streams end at their next chunk, with a cursor to go on from elsewhere."""
        self.draining = True

    def close(self) -> None:
        """Take no more work, and let what runs in threads end after its slice: Python waits for them on its way out."""
        self.closed = True
        self.work.close()
        self.transfers.close()

    def _is_ready(self) -> bool:
        try:
            self.check_ready()
        except AugsvcError:
            return False
        return True

    def _warm(self, progress: Progress) -> None:
        warm(self.workspace.lexicon, progress)


# Async though it awaits nothing: FastAPI would send a plain function to a thread, for each request.
async def service_of(request: Request) -> Service:
    """The service that answers this request."""
    service: Service = request.app.state.service
    return service


async def refuse_parameters(request: Request) -> None:
    """For calls without query parameters: any is an error. Raises InvalidInput."""
    faults = [Fault(name, "There is nothing of this name here.") for name in request.query_params]
    if faults:
        raise invalid("This call takes no query parameters", faults)


async def refuse_repeated(request: Request) -> None:
    """For every call: a parameter given twice would have all values but one ignored, but for those that are lists.

    Raises InvalidInput.
    """
    given = Counter(name for name, _ in request.query_params.multi_items() if name != "text_column")
    faults = [Fault(name, "Given more than once.") for name, times in given.items() if times > 1]
    if faults:
        raise invalid("The request's parameters are not valid", faults)


Current = Annotated[Service, Depends(service_of)]
NoParameters = Depends(refuse_parameters)
NoneRepeated = Depends(refuse_repeated)
