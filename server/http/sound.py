"""A file of sound as an answer: whole or in part, also while it is still being made, and its head without making it."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request

from audio.recipe import COMPOSED, MIME, Recipe
from audio.studio.order_queue import Asking, Rank
from server.context import here

from ..rooms.admission.networks import network_of
from .limits.connections import hung_up
from .ranges import Span, requested_span

PUBLIC, PRIVATE = "public, no-cache", "private, no-cache"
NOT_KEPT = "no-store"
"""Of somebody's own voice no browser keeps a copy."""


def sound_response(
    recipe: Recipe,
    key: str,
    cache_control: str = PUBLIC,
    modified: datetime | None = None,
    rank: Rank = Rank.LISTENER,
) -> Response:
    """The sound of a recipe. Composing starts with the first byte that is asked for, never with a HEAD or a 304.

    modified  since when the file is what it is, where whoever asks may know it by date alone

    rank      how urgent it is; whoever takes a file along waits for those who listen
    Raises ComposeError, Busy and BadRange.
    """
    studio, etag = here().studio, f'"{key}-{recipe.kind}"'
    cache_control = NOT_KEPT if key.startswith(COMPOSED) else cache_control
    if _unchanged(etag, modified):
        return _headers(Response(status=304), recipe, etag, cache_control, modified)
    if request.method == "HEAD":
        response = Response(mimetype=MIME[recipe.kind])
        size = studio.size(recipe, key)
        if size is not None:
            response.content_length = size
        return _headers(response, recipe, etag, cache_control, modified)
    render = studio.render(recipe, key, asking(rank))
    studio.hold(render)
    try:
        render.wait_started(hung_up(request.environ))
        assert render.size is not None
        asked = requested_span(request, render.size, etag, modified)
        span = asked or Span(0, render.size)
        body = render.read(render.open(), span.start, span.stop)
    except BaseException:
        studio.let_go(render)
        raise
    response = Response(
        body, status=206 if asked else 200, mimetype=MIME[recipe.kind], direct_passthrough=True
    )
    response.call_on_close(lambda: studio.let_go(render))
    response.content_length = span.stop - span.start
    if asked:
        response.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{render.size}"
    return _headers(response, recipe, etag, cache_control, modified)


def asking(rank: Rank) -> Asking:
    """On whose behalf the current request asks the studio for something."""
    return Asking(rank, network_of(request.remote_addr or ""))


def _unchanged(etag: str, modified: datetime | None) -> bool:
    """Tell whether whoever asks has this file already; a tag that is given decides alone (RFC 9110, section 13.2.2)."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(etag.strip('"'))
    since = request.if_modified_since
    return bool(modified and since and since >= modified)


def _headers(
    response: Response, recipe: Recipe, etag: str, cache_control: str, modified: datetime | None
) -> Response:
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = cache_control
    response.headers["Content-Disposition"] = (
        f'inline; filename="still-here-{recipe.exercise.id}.{recipe.kind}"'
    )
    response.last_modified = modified
    return response
