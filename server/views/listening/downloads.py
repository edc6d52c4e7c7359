"""The set as files: the page that offers it, and one archive of everything, made while it is sent.

Nothing of the archive is held: each file of sound is composed by the studio when the stream comes to it, and read
from the disk as it grows. Where the format lets every size be known beforehand, so is the archive's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, render_template, request

from audio.recipe import SIZED, Recipe
from audio.render import metadata
from audio.studio.client import Studio
from audio.studio.order_queue import Asking, Rank
from server.context import here
from server.errors import BadChoice, NotFound
from server.http.limits.connections import hung_up
from server.http.sound import asking
from server.services.export.export_set import Entry, entries, parse_set, set_fields
from server.services.export.zip_stream import Entry as ZipEntry
from server.services.export.zip_stream import TooLarge, archive_size, zip_stream
from server.services.sound.recipes import keyed

from .exercises import timeline_of

blueprint = Blueprint("files", __name__, url_prefix="/files")

ARCHIVE = "still-here.zip"


@blueprint.get("")
def page() -> str:
    """The page of what can be taken along, and how."""
    return render_template("pages/listening/files.html", fields=set_fields(here().offers), archive=ARCHIVE)


@blueprint.get(f"/{ARCHIVE}")
def archive() -> Response:
    """Everything in one archive: a folder an exercise, with its sound, captions and transcript."""
    chosen = parse_set(here().offers, request.args)
    found = list(entries(here().library, here().offers, chosen))
    if not found:
        raise NotFound("There is no exercise here yet that could be taken along.")
    if request.method == "GET":
        # so that a voice that does not answer is said in a sentence, which a broken download could not do
        with here().studio.held(here().studio.render(*_keyed(found[0]), asking(Rank.FILE))) as first:
            first.wait_started(hung_up(request.environ))
    packed = _packed(found, here().studio, asking(Rank.FILE))
    response = Response(zip_stream(packed), mimetype="application/zip", direct_passthrough=True)
    try:
        size = archive_size(packed)
    except TooLarge:
        raise BadChoice("That set would be larger than 4 GB. Choose MP3, or a shorter length.") from None
    if size is not None:
        response.content_length = size
    response.headers["Content-Disposition"] = f'attachment; filename="{ARCHIVE}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Accept-Ranges"] = "none"
    return response


def _keyed(entry: Entry) -> tuple[Recipe, str]:
    return keyed(entry.exercise, entry.choices, entry.kind, here().selector)


def _packed(found: Sequence[Entry], studio: Studio, asked: Asking) -> list[ZipEntry]:
    """The entries of the archive, of which nothing has been made yet."""
    packed = []
    for entry in found:
        name, (recipe, key) = entry.exercise.id, _keyed(entry)
        size = studio.size(recipe, key) if entry.kind in SIZED else None
        timeline = timeline_of(entry.exercise, entry.choices)
        captions = metadata.vtt(timeline, entry.choices.setting).encode()
        transcript = metadata.transcript(timeline, entry.choices.setting).encode()
        packed += [
            ZipEntry(f"{name}/{name}.{entry.kind}", _sound(studio, recipe, key, asked), size),
            ZipEntry(f"{name}/captions.vtt", [captions], len(captions)),
            ZipEntry(f"{name}/transcript.txt", [transcript], len(transcript)),
        ]
    return packed


def _sound(studio: Studio, recipe: Recipe, key: str, asked: Asking) -> Iterator[bytes]:
    """The bytes of one file; nothing happens before the first is asked for."""
    with studio.held(studio.render(recipe, key, asked)) as render:
        render.wait_started()
        assert render.size is not None
        yield from render.read(render.open(), 0, render.size)
