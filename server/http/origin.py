"""True if a request comes from a page of this service, which a cookie alone does not say."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request

_PORTS = {"http": 80, "https": 443}


def is_from_here(request: Request, needs_origin: bool = False) -> bool:
    """By the Origin header, which is this host's own; by Sec-Fetch-Site where a form was sent without an Origin.

    Either scheme counts, since a proxy in front may speak TLS for us.
    """
    origin = request.headers.get("Origin")
    if origin and origin != "null":
        return _is_own(origin, request.host)
    return not needs_origin and request.headers.get("Sec-Fetch-Site") == "same-origin"


def _is_own(origin: str, host: str) -> bool:
    try:
        theirs = urlsplit(origin)
        default = _PORTS[theirs.scheme]
        ours = urlsplit(f"//{host}")
        same_port = (theirs.port or default) == (ours.port or default)
    except (ValueError, KeyError):
        return False
    return bool(theirs.hostname) and theirs.hostname == ours.hostname and same_port
