"""Things shown once: an address that holds a key, between the form that made it and the page that shows it.

The answer to a form is a redirect, so that loading the page again makes nothing. What it shows then is held in memory
for whoever is signed in, handed out once, and forgotten after five minutes at most.
"""

from __future__ import annotations

KEPT_S = 300.0
MOST = 200


class ShownOnce:
    """Holder of things that wait to be shown, by who may see it and on which page. `now` is in seconds."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], tuple[float, dict[str, str]]] = {}

    def put(self, owner: str, page: str, shown: dict[str, str], now: float) -> None:
        """Hold something for the next look of this owner at that page, in place of what was held for it before."""
        self._waiting = {key: kept for key, kept in self._waiting.items() if kept[0] > now}
        self._waiting.pop((owner, page), None)
        while len(self._waiting) >= MOST:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[owner, page] = (now + KEPT_S, shown)

    def take(self, owner: str, page: str, now: float) -> dict[str, str]:
        """Take what was held, which is forgotten by this; empty where nothing is."""
        until, shown = self._waiting.pop((owner, page), (0.0, {}))
        return shown if until > now else {}
