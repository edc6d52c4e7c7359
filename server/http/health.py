"""`/healthz` and `/readyz`: whether the process lives, and whether it can do its work.

They stand in front of everything else: no language, session or limit concerns them, any name of the host will do (a
balancer asks by address), and nothing about whoever asks is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

ALIVE, READY = "/healthz", "/readyz"

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Health:
    """Around the application. `complaint` gives one sentence where the service is not ready, else nothing."""

    def __init__(self, app: App, complaint: Callable[[], str]):
        self._app, self._complaint = app, complaint

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "GET")
        if path not in (ALIVE, READY):
            return self._app(environ, start_response)
        if method not in ("GET", "HEAD"):
            return _answer(
                start_response, method, "405 Method Not Allowed", "Ask with GET.", ("Allow", "GET, HEAD")
            )
        if path == ALIVE:
            return _answer(start_response, method, "200 OK", "alive")
        complaint = self._complaint()
        status = "503 Service Unavailable" if complaint else "200 OK"
        return _answer(start_response, method, status, complaint or "ready")


def _answer(
    start_response: Callable[..., Any], method: str, status: str, sentence: str, *more: tuple[str, str]
) -> Iterable[bytes]:
    body = f"{sentence}\n".encode()
    head = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    head += [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), *more]
    start_response(status, head)
    return [] if method == "HEAD" else [body]
