"""Which bytes of a file a request asks for (RFC 9110, section 14)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from flask import Request

from server.errors import BadRange


class Span(NamedTuple):
    """Bytes from `start` up to and without `stop`."""

    start: int
    stop: int


def requested_span(request: Request, size: int, etag: str, modified: datetime | None = None) -> Span | None:
    """The span that a request asks for; None where the whole file is to be sent.

    A header that is malformed, in another unit, for several spans, or for an older version of the file (If-Range)
    is answered with the whole file, as the standard asks. Raises BadRange where the file has no such bytes.
    """
    asked = request.range if request.method == "GET" else None
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    if request.headers.get("If-Range", "").lstrip().startswith("W/"):
        # such as the tag of a compressed answer, whose bytes are others (section 13.1.5)
        return None
    if request.if_range.etag is not None and f'"{request.if_range.etag}"' != etag:
        return None
    if request.if_range.date is not None and request.if_range.date != modified:
        return None
    start, stop = asked.ranges[0]
    if start < 0 and stop is None and size:
        # the last so many bytes, and all of them where there are fewer (section 14.1.2); the library refuses those
        return Span(max(0, size + start), size)
    found = asked.range_for_length(size)
    if found is None:
        raise BadRange(size)
    return Span(*found)
