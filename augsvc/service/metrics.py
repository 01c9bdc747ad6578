"""What an operator watches, as series of Prometheus: one registry an application, no global state."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from augsvc import __version__
from augsvc.service.envelope import told
from augsvc.service.meter import Meter
from augsvc.service.stalls import Stalls
from augsvc.stages import Stages

STAGES = ("parse", "shuffle", "read", "augment", "encode", "ingest", "other")
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE"})
REFUSALS = (429, 503)
PROBE = "/readyz"
GONE = 499
"""What nginx calls a request whose client went away before it was answered."""


def route_of(scope: Scope) -> str:
    """The template of the route that has taken a request: no series for each name or id that somebody thinks of."""
    route = scope.get("route")
    if route is not None:
        return str(route.path)
    # A plain route of Starlette has no parameters here.
    return str(scope["path"]) if "endpoint" in scope else "none"


class _Registry(CollectorRegistry):
    """Without the series `..._created`, which would be half of all; the library has no switch for one registry."""

    def collect(self) -> Iterable[Metric]:
        for family in super().collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family


class _Seconds(Collector):
    """Where the time of working threads went."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages

    def collect(self) -> Iterable[Metric]:
        meaning = "Time of working threads, by what they were at."
        family = CounterMetricFamily("augsvc_stage_seconds", meaning, labels=("stage",))
        found = self._stages.seconds()
        for stage in STAGES:
            family.add_metric((stage,), found.get(stage, 0.0))
        yield family


class Metrics:
    """The series of one application; `ready` tells whether it should be sent work, `lexicon` the digest of its pack."""

    def __init__(self, ready: Callable[[], bool], lexicon: str) -> None:
        self._registry = registry = _Registry()
        own: dict[str, Any] = {"namespace": "augsvc", "registry": registry}
        self._requests = Counter("http_requests", "Requests answered.", ("route", "method", "status"), **own)
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time from a request's headers to the last byte of its answer.",
            ("route", "method"),
            buckets=SECONDS,
            **own,
        )
        self._refusals = Counter("refusals", "Requests refused for want of room or readiness.", ("status",), **own)
        self._rows = Counter("rows", "Rows written into answers.", ("route",), **own)
        self._text = Counter("text_bytes", "UTF-8 of augmented texts written into answers.", ("route",), **own)
        self._uploads = Counter("uploads", "Files registered.", **own)
        self._uploaded = Counter("upload_bytes", "Bytes of the files registered, as they were sent.", **own)
        self._registered = Counter("upload_rows", "Rows of the files registered.", **own)
        self._skipped = Counter("upload_skipped_rows", "Bad rows of the files registered, left out.", **own)
        Gauge("ready", "1 where the server should be sent work, else 0.", **own).set_function(lambda: float(ready()))
        Info("build", "What answers.", **own).info({"version": __version__, "lexicon": lexicon})
        ProcessCollector(registry=registry)
        self.stages, self.stalls = Stages(), Stalls()
        registry.register(_Seconds(self.stages))
        registry.register(self.stalls)
        for status in REFUSALS:
            self._refusals.labels(status)
        # Both are bounded, by the routes there are; to find a series costs several times what it costs to add to it.
        self._meter, self._children = cache(self._made_meter), cache(self._made_children)

    def meter(self, scope: Scope) -> Meter:
        """The meter of the route that has taken a request."""
        return self._meter(route_of(scope))

    def uploaded(self, sent: int, rows: int, skipped: int) -> None:
        """Count a file that was registered."""
        self._uploads.inc()
        self._uploaded.inc(sent)
        self._registered.inc(rows)
        self._skipped.inc(skipped)

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request by its route."""
        route, method = route_of(scope), "HEAD" if scope["state"].get("head") else scope["method"]
        method = method if method in METHODS else "other"
        requests, durations = self._children(route, method, status)
        requests.inc()
        durations.observe(seconds)
        if status in REFUSALS and route != PROBE:
            self._refusals.labels(status).inc()

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All series, and their media type: Prometheus's text format, or OpenMetrics where that is asked for."""
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type

    def _made_meter(self, route: str) -> Meter:
        rows, text = self._rows.labels(route), self._text.labels(route)

        def add(count: int, text_bytes: int) -> None:
            rows.inc(count)
            text.inc(text_bytes)

        return Meter(self.stages, add)

    def _made_children(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(route, method, status), self._seconds.labels(route, method)


class Measured:
    """Pure ASGI, inside of what answers failures and HEAD: counts and times each request."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on unchanged."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def send_seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_seen)
        except BaseException as failure:
            status = status or _status_of(failure)
            raise
        finally:
            self.metrics.answered(scope, status, time.perf_counter() - begun)


def _status_of(failure: BaseException) -> int:
    """What a request is answered that failed before its answer began."""
    if isinstance(failure, ClientDisconnect):
        return GONE
    return 503 if isinstance(failure, asyncio.CancelledError) else told(failure).status
