"""A therapist's own voice: reading a script line by line, and looking after what was read.

Everything here is for who is signed in. One set belongs to the whole service: who has the passcode can hear it,
read lines anew and delete them.

    GET  /therapist/recordings                          recordings.html: every script, and how far it has been read
    GET  /therapist/recordings/<script>/                recording.html: one script, line by line; ?wordings=every
    POST /therapist/recordings/<script>/<line>.wav      the body is a WAV; the line as JSON
    GET  /therapist/recordings/<script>/<line>.flac     the take as couples hear it
    POST /therapist/recordings/<script>/<line>/delete
    POST /therapist/recordings/fill                     {voice}: who speaks the lines that nobody has read
    POST /therapist/recordings/export                   the set as a ZIP
    POST /therapist/recordings/import.json              the body is such a ZIP; {count}
    POST /therapist/recordings/delete                   {what: all | stray, sure: yes}
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Response as AnyResponse

from audio.dsp.wav import MAX_BYTES, read_header, refused
from audio.errors import StoreError
from audio.recordings.voice_selection import RECORDED
from exercises.languages import BASE
from exercises.recordable import ReadLine
from server.context import here
from server.errors import BadChoice, NotFound, NotSignedIn
from server.http.headers import MICROPHONE
from server.http.helpers import address, given, personal, same_origin_only
from server.i18n.locale import gettext
from server.services.sound.choices import Option, speaking_of
from server.services.voices.recording_status import Script, ShownLine, counts, scripts, shown, stray

from .sign_in import owner

blueprint = Blueprint("recordings", __name__, url_prefix="/therapist/recordings")

MAX_ARCHIVE_BYTES = 512 * 1024 * 1024
_PIECE = 64 * 1024


@blueprint.before_request
def _check() -> AnyResponse | None:
    same_origin_only()
    if owner() is not None:
        return None
    if request.method == "GET" and request.accept_mimetypes.accept_html:
        return redirect(url_for("therapist.page"), 303)
    raise NotSignedIn


def _scripts() -> tuple[Script, ...]:
    return scripts(here().library)


def _script(script_id: str, every_wording: bool = True) -> Script:
    all_scripts = scripts(here().library, every_wording)
    found = next((script for script in all_scripts if script.id == script_id), None)
    if found is None:
        raise NotFound("There is nothing of that name to read. Choose from the list.")
    return found


def _line(script: Script, digest: str) -> ReadLine:
    found = next((line for line in script.lines if line.digest == digest), None)
    if found is None:
        raise NotFound("That line reads differently by now. Load the page again and read the new words.")
    return found


def _shown(script: Script) -> tuple[ShownLine, ...]:
    known = here().recordings.all()
    return shown(script, known, stray(_scripts(), known))


@blueprint.get("")
def overview() -> Response:
    """Every script, and how far it has been read."""
    site, known = here(), here().recordings.all()
    left = stray(_scripts(), known)
    return personal(
        make_response(
            render_template(
                "pages/therapist/recordings.html",
                counts=counts(scripts(here().library, every_wording=False), known, left),
                total=len(known),
                strays=len(left),
                voices=[
                    Option(o.id, gettext(o.label)) for o in speaking_of(site.offers, BASE) if o.id != RECORDED
                ],
                fill=site.selector.fill,
            )
        )
    )


@blueprint.get("/<script_id>/")
def page(script_id: str) -> Response:
    """One script, line by line, in one wording or in all. The only page that may use the microphone."""
    script = _script(script_id)
    every = request.args.get("wordings", "one")
    if every not in ("one", "every"):
        raise BadChoice("For the wordings choose one of: one, every.")
    one = _script(script_id, every_wording=False)
    response = personal(
        make_response(
            render_template(
                "pages/therapist/recording.html",
                script=script,
                lines=_shown(script if every == "every" else one),
                every=every == "every",
                more=len(script.lines) - len(one.lines),
            )
        )
    )
    response.headers["Permissions-Policy"] = MICROPHONE
    return response


@blueprint.post("/<script_id>/<line>.wav")
def take(script_id: str, line: str) -> Response:
    """Take a WAV in as the recording of a line. The header is looked at before anything else gets to see the file."""
    script = _script(script_id)
    found = _line(script, line)
    with _received(MAX_BYTES) as path:
        with path.open("rb") as file:
            read_header(file)
        here().studio.record(path, line, script.id, found.place)
    return personal(jsonify(asdict(next(one for one in _shown(script) if one.digest == line))))


@blueprint.get("/<script_id>/<line>.flac")
def sound(script_id: str, line: str) -> Response:
    """The take of a line, trimmed and levelled as it is kept."""
    flac = here().recordings.flac(_line(_script(script_id), line).digest)
    if flac is None:
        raise NotFound("Nobody has read this line yet.")
    return personal(Response(flac, mimetype="audio/flac"))


@blueprint.post("/<script_id>/<line>/delete")
def delete_line(script_id: str, line: str) -> Response:
    """Delete the take of a line, and all that was made from it."""
    here().studio.forget([_line(_script(script_id), line).digest])
    return address(url_for("recordings.page", script_id=script_id))


@blueprint.post("/delete")
def delete() -> Response:
    """Delete every recording, or those whose words nobody says any more."""
    what = given("what")
    if what not in ("all", "stray") or given("sure") != "yes":
        raise BadChoice("Tick that you are sure, so that nothing is deleted by accident.")
    known = here().recordings.all()
    lines = None if what == "all" else [one.line for one in stray(_scripts(), known)]
    here().studio.forget(lines)
    return address(url_for("recordings.overview"))


@blueprint.post("/fill")
def fill() -> Response:
    """Choose who speaks the lines that nobody has read."""
    voice = given("voice")
    if voice not in (offer.id for offer in here().offers if offer.id != RECORDED):
        raise BadChoice("There is no such voice here. Choose one from the list.")
    try:
        here().selector.choose_fill(voice)
    except OSError as error:
        raise StoreError(
            f"The choice could not be kept ({error.strerror}). Free some room on the disk."
        ) from error
    return address(url_for("recordings.overview"))


@blueprint.post("/export")
def export() -> Response:
    """The whole set as a ZIP, read from a file that has no name any more: nothing is left, however this ends."""
    path = here().studio.pack()
    file = path.open("rb")
    size = path.stat().st_size
    path.unlink()

    def pieces() -> Iterator[bytes]:
        while piece := file.read(_PIECE):
            yield piece

    response = personal(Response(pieces(), mimetype="application/zip", direct_passthrough=True))
    response.content_length = size
    response.headers["Content-Disposition"] = 'attachment; filename="still-here-recordings.zip"'
    response.call_on_close(file.close)
    return response


@blueprint.post("/import.json")
def bring_in() -> Response:
    """Bring a set back, whole or not at all."""
    with _received(MAX_ARCHIVE_BYTES) as path:
        count = here().studio.unpack(path)
    return personal(jsonify(count=count))


@contextlib.contextmanager
def _received(limit: int) -> Iterator[Path]:
    """The body of the request as a file of its own, never held in memory, and gone afterwards.

    Raises RecordingRefused where it is too large or ends early, StoreError where the disk will not take it.
    """
    length = request.content_length
    if length is None:
        raise refused("cut_short")
    if length > limit:
        raise refused("too_large")
    request.max_content_length = limit
    folder = here().recordings.incoming
    path: Path | None = None
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
        except OSError as error:
            raise _full(error) from error
        path = Path(name)
        with os.fdopen(handle, "wb") as file:
            _write_body(file, length)
        yield path
    finally:
        if path:
            path.unlink(missing_ok=True)


def _write_body(file: BinaryIO, length: int) -> None:
    left = length
    while left:
        try:
            piece = request.stream.read(min(_PIECE, left))
        except (ClientDisconnected, OSError) as error:
            raise refused("cut_short") from error
        if not piece:
            raise refused("cut_short")
        left -= len(piece)
        try:
            file.write(piece)
        except OSError as error:
            raise _full(error) from error


def _full(error: OSError) -> StoreError:
    return StoreError(f"The disk did not take it ({error.strerror}). Free some room and send it again.")
