"""The path under which a proxy shows the service, such as `/quiet`, from the header `X-Forwarded-Prefix`.

It moves into SCRIPT_NAME, from where every address is built: of pages, static files, redirects, cookies and feeds. A
proxy may take it off the path or leave it there. Only with proxies in the settings is the header looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){1,8}")
"""Plain names alone: nothing that could lead to another host or out of the path."""
LONGEST = 200

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def prefix_in(header: str, proxies: int) -> str:
    """The prefix that the outermost of so many proxies set; empty where there is none, or none that can be one."""
    values = [value.strip().rstrip("/") for value in header.split(",")]
    found = values[-proxies] if len(values) >= proxies else ""
    return found if len(found) <= LONGEST and _PREFIX.fullmatch(found) else ""


def under_prefix(app: App, proxies: int) -> App:
    """The application as it is seen behind so many proxies."""

    def call(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        prefix = prefix_in(environ.get("HTTP_X_FORWARDED_PREFIX", ""), proxies)
        if prefix:
            path = environ.get("PATH_INFO", "")
            environ["SCRIPT_NAME"] = prefix
            if path == prefix or path.startswith(f"{prefix}/"):
                environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return app(environ, start_response)

    return call
