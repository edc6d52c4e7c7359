"""Static files as they are sent: without the comments, which are for whoever reads the source.

A comment stands on lines of its own, by the project's style, so leaving it out needs no parser; a test holds that no
string could be taken for one. It saves a phone a quarter of its first load.
"""

from __future__ import annotations

import functools
import hashlib
import io
import mimetypes
import re
from pathlib import Path

from flask import Response, abort, request, send_file
from werkzeug.security import safe_join

from .ranges import requested_span

COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/).)*\*/[ \t]*)\r?\n", re.MULTILINE | re.DOTALL)
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
"""Those that a browser insists on; some systems have other names for them."""
COMMENTED = (".js", ".css")


def lean(path: Path) -> bytes:
    """The bytes of a static file as they are sent. Raises OSError."""
    stat = path.stat()
    return _lean(path, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=256)
def _lean(path: Path, _changed_ns: int, _size: int) -> bytes:
    body = path.read_bytes()
    return COMMENT.sub("", body.decode()).encode() if path.suffix in COMMENTED else body


def sent(folder: Path, name: str) -> Response:
    """A file of the folder as an answer, whole, in part or unchanged; 404 where there is none."""
    path = Path(safe_join(str(folder), name) or "")
    try:
        body = lean(path)
    except (OSError, ValueError):
        # a name that no file can have is a file that is not there
        abort(404)
    kind = KINDS.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    etag = hashlib.sha256(body).hexdigest()[:32]
    whole: Response = send_file(io.BytesIO(body), mimetype=kind, etag=etag, conditional=False)
    whole.headers["Accept-Ranges"] = "bytes"
    whole.make_conditional(request)
    span = requested_span(request, len(body), f'"{etag}"') if whole.status_code == 200 else None
    if span:
        whole.status_code = 206
        whole.direct_passthrough = False
        whole.set_data(body[span.start : span.stop])
        whole.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{len(body)}"
    return whole
