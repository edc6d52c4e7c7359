"""Numbers for Prometheus, on a port of their own; docs/operations.md says what each means and what to do about it.

No label holds a code, an id, an address, an exercise or a state: labels come from the tables in this file and from
the few results that rooms and the studio know, so that nothing of a couple can get into one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import make_wsgi_app
from prometheus_client.registry import Collector

from server.context import StillHere
from server.http.hosts import LOOPBACK, is_known

PATH = "/metrics"
ROUTE = "still_here.route"
"""The key of the class of a request's route in its environment."""
SOCKET = "socket"
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
ROUTES = {
    "static": "static", "newest": "static", "shell.worker": "static", "shell.manifest": "static",
    "exercises.audio": "sound", "feeds.sound": "sound", "cards.sound": "sound", "cards.file": "sound",
    "voices.preview": "sound", "voices.sample": "sound", "links.waiting_page": "page", "links.come_in": "room",
    "files.archive": "sound", "rooms.clip": "clip", "rooms.line": "clip", "socket.serve": SOCKET,
    "rooms.open_conducted": "room",
}  # fmt: skip
"""Classes of endpoints, before those of their blueprints."""
BLUEPRINTS = {
    "pages": "page", "paths": "page", "shell": "page", "files": "page", "exercises": "text", "feeds": "feed",
    "cards": "card", "rooms": "room", "therapist": "therapist", "recordings": "therapist", "feed_admin": "therapist",
    "card_admin": "therapist", "plans": "therapist", "links": "therapist", "open_rooms": "therapist",
    "script_editor": "therapist", "voices": "therapist", "pronunciations": "therapist",
}  # fmt: skip
NOT_ROUTED = "refused"
"""The class of what was answered before a route was looked for, and of addresses that are none."""

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def class_of(endpoint: str | None) -> str:
    """The class of a route by its endpoint."""
    if not endpoint:
        return NOT_ROUTED
    return ROUTES.get(endpoint) or BLUEPRINTS.get(endpoint.partition(".")[0], "other")


class State(Collector):
    """The numbers that rooms and the studio hold anyway, read when somebody asks for them."""

    def __init__(self, site: StillHere):
        self._site = site

    def collect(self) -> Iterator[Metric]:
        """Every number as it is now."""
        yield from self._of_rooms()
        yield from self._of_studio()

    def _of_rooms(self) -> Iterator[Metric]:
        hub = self._site.hub
        census, tallies = hub.census(), hub.tallies
        yield GaugeMetricFamily("still_here_rooms_open", "Rooms that are open.", census.rooms)
        seats = GaugeMetricFamily(
            "still_here_seats_connected", "Phones and consoles that are connected.", labels=["kind"]
        )
        seats.add_metric(["partner"], census.partners)
        seats.add_metric(["therapist"], census.therapists)
        yield seats
        commands = CounterMetricFamily(
            "still_here_commands",
            "Commands of phones and consoles, by what became of them.",
            labels=["result"],
        )
        for result in ("done", "refused", "unreadable", "flood"):
            commands.add_metric([result], tallies.commands[result])
        yield commands
        yield CounterMetricFamily(
            "still_here_clock_frames", "Questions of phones for the shared clock.", tallies.clock_frames
        )
        yield CounterMetricFamily(
            "still_here_saves_failed", "Writes about rooms that were not taken.", census.failed_saves
        )

    def _of_studio(self) -> Iterator[Metric]:
        load = self._site.studio.load()
        waiting = GaugeMetricFamily(
            "still_here_studio_waiting", "Orders that wait for the studio, by rank.", labels=["rank"]
        )
        for rank, count in load.waiting.items():
            waiting.add_metric([rank], count)
        yield waiting
        yield GaugeMetricFamily("still_here_studio_running", "Orders that the studio works on.", load.running)
        yield CounterMetricFamily(
            "still_here_studio_refused", "Orders for which there was no room in the queue.", load.refused
        )
        renders = CounterMetricFamily(
            "still_here_renders", "Files of sound, by what became of them.", labels=["result"]
        )
        for result in ("made", "kept", "dropped", "failed"):
            renders.add_metric([result], load.renders.get(result, 0))
        yield renders
        yield CounterMetricFamily(
            "still_here_studio_ended", "Ends of the studio that nobody wished for.", load.restarts
        )


class Metrics:
    """The registry of one service, how long its answers take, and the application that shows it all."""

    def __init__(self, site: StillHere):
        disable_created_metrics()
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(State(site))
        self._seconds = Histogram(
            "still_here_request_seconds", "Seconds until the head of an answer.", ["route", "status"],
            buckets=BUCKETS_S, registry=self.registry,
        )  # fmt: skip

    def timed(self, app: App, clock: Callable[[], float] = time.perf_counter) -> App:
        """The application, with its answers counted by class of route and of status; sockets are left out."""

        def call(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            began = clock()

            def start(status: str, headers: list[Any], *rest: Any) -> Any:
                route = environ.get(ROUTE, NOT_ROUTED)
                if route != SOCKET:
                    self._seconds.labels(route, f"{status[:1]}xx").observe(clock() - began)
                return start_response(status, headers, *rest)

            return app(environ, start)

        return call

    def page(self, host: str) -> App:
        """An application that answers GET /metrics and nothing else.

        host  where it listens: at an address of this machine alone only names of this machine count
        """
        shown = make_wsgi_app(self.registry)

        def call(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            is_own = host not in LOOPBACK or is_known(environ.get("HTTP_HOST", ""), LOOPBACK)
            if environ.get("PATH_INFO") != PATH or environ.get("REQUEST_METHOD") != "GET" or not is_own:
                body = f"Numbers for Prometheus are at {PATH}.\n".encode()
                head = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
                start_response("404 Not Found", head)
                return [body]
            return shown(environ, start_response)

        return call
