"""Parts that every answer carries: security headers, compression, and how long it may be kept."""

from __future__ import annotations

import gzip
import re

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'self'",
        "media-src 'self' blob:",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
NO_DEVICES = "camera=(), geolocation=(), interest-cohort=()"
MICROPHONE = f"{NO_DEVICES}, microphone=(self)"
"""For the page that records, and for a phone in a room, where phones may hear each other."""
COMPRESSIBLE = (
    "text/",
    "application/json",
    "image/svg+xml",
    "application/manifest+json",
    "application/rss+xml",
)
MIN_COMPRESSED_BYTES = 600


def init_app(app: Flask) -> None:
    """Add the headers and the compression to every answer of `app`."""

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", f"{POLICY}; connect-src {_own_sockets()}")
        # nothing goes to other sites; our own forms need it, since without a referrer they carry no Origin either
        headers.setdefault("Referrer-Policy", "same-origin")
        if request.is_secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Permissions-Policy", f"{NO_DEVICES}, microphone=()")
        if "Cache-Control" not in headers or response.mimetype == "text/html":
            headers.setdefault("Cache-Control", "no-cache")
        return _compressed(response)


def _own_sockets() -> str:
    """The hosts that a page may connect to. Some browsers do not count a socket of the same host as 'self'."""
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", request.host):
        return "'self'"
    return f"'self' {'wss' if request.is_secure else 'ws'}://{request.host}"


def _wants_gzip() -> bool:
    """Tell whether the client takes gzip, and does not say that it likes the plain answer better."""
    wanted = request.accept_encodings
    plain = max((quality for coding, quality in wanted if coding.lower() == "identity"), default=0)
    return wanted.quality("gzip") > 0 and wanted.quality("gzip") >= plain


def _compressed(response: Response) -> Response:
    """Gzip a small text answer for a client that asked for it; files of sound pass untouched."""
    if not (response.mimetype or "").startswith(COMPRESSIBLE):
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if (
        response.status_code != 200
        or not _wants_gzip()
        or "Content-Encoding" in response.headers
        or request.method == "HEAD"
        or response.is_streamed
    ):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < MIN_COMPRESSED_BYTES:
        return response
    response.set_data(gzip.compress(body, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response
