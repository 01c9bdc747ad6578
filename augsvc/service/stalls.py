"""How long clients wait for data, as they tell it: what shows a job that its input holds up."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from augsvc.order import Lane

MAX_CLIENTS = 256
CLIENT_SECONDS = 300.0
"""A client that has told nothing for so long is taken for gone."""


class Stalls(Collector):
    """The share of its time that each client has waited for data, of those heard of lately and not too many of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._told: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def tell(self, view_id: str, lane: Lane, header: str | None) -> None:
        """Take what a client says in its header; what is no share is nobody's fault but its own, and passed over."""
        try:
            share = float(header or "nan")
        except ValueError:
            return
        if not 0.0 <= share <= 1.0:
            return
        client = (view_id[:8], f"{lane.offset}:{lane.rows}:{lane.total}")
        with self._lock:
            self._told[client] = (share, self._clock())
            self._told.move_to_end(client)
            if len(self._told) > MAX_CLIENTS:
                self._told.popitem(last=False)

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The one family, without clients that have gone."""
        family = GaugeMetricFamily(
            "augsvc_client_stall_ratio",
            "Share of its time that a client has waited for data, as it last told.",
            labels=("view", "lane"),
        )
        with self._lock:
            oldest = self._clock() - CLIENT_SECONDS
            while self._told and next(iter(self._told.values()))[1] < oldest:
                self._told.popitem(last=False)
            for client, (share, _) in self._told.items():
                family.add_metric(client, share)
        yield family
