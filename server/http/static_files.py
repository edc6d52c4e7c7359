"""Static files as they are sent: without comments, types and indentation, which are for whoever reads the source.

A comment stands on lines of its own, by the project's style, no string goes over lines, and a type within a line
begins with its tag; so leaving them out needs no parser. A test holds that no string could be taken for one of them. It
saves a phone a quarter of its first load.
"""

from __future__ import annotations

import functools
import hashlib
import mimetypes
import re
from pathlib import Path

from flask import Response, abort, request
from werkzeug.security import safe_join

from .ranges import requested_span

COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/).)*\*/[ \t]*)\r?\n", re.MULTILINE | re.DOTALL)
TYPE = re.compile(r"/\*\* @(?:type|param) (?:(?!\*/)[^\n])*\*/ ?")
INDENTATION = re.compile(r"^[ \t\r\n]+", re.MULTILINE)
AROUND = re.compile(r"(?<=[{};:,]) | (?=[{};,])")
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
    if path.suffix not in COMMENTED:
        return body
    text = COMMENT.sub("", body.decode())
    text = TYPE.sub("", text) if path.suffix == ".js" else AROUND.sub("", text)
    return INDENTATION.sub("", text).encode()


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
    whole = Response(body, mimetype=kind)
    whole.set_etag(etag)
    whole.headers["Accept-Ranges"] = "bytes"
    whole.make_conditional(request)
    span = requested_span(request, len(body), f'"{etag}"') if whole.status_code == 200 else None
    if span:
        whole.status_code = 206
        whole.direct_passthrough = False
        whole.set_data(body[span.start : span.stop])
        whole.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{len(body)}"
    return whole
