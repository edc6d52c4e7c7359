"""Pages on which a therapist writes scripts in the browser: drafts, what comes of them, and the library they go into.

GET  /therapist/studio                    the drafts, and what a new one can start from
POST /therapist/studio/start              {from: an id, or nothing} → 303 to the draft
GET  /therapist/studio/<draft>            the page on which one is written
POST /therapist/studio/<draft>/save       {rev, texts} → {rev, can_undo, can_redo}, once it is on the disk
POST /therapist/studio/<draft>/undo, redo {rev} → the same, and texts
POST /therapist/studio/<draft>/look       {texts} → what exercises.inspection says; nothing is kept
POST /therapist/studio/<draft>/hear       {texts, language, cue, listener} → one line as a FLAC that is kept nowhere
POST /therapist/studio/<draft>/publish    {} → {published}; refused where a finding stands against it
POST /therapist/studio/<draft>/sign       {rev, language, initials, date} → {rev, can_undo, can_redo, texts}
POST /therapist/studio/<draft>/delete, /therapist/studio/take-back {id}   → 303 to the drafts

Words come in bodies alone, never in an address, and a refusal names lines, never more of them than the checks do.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from exercises.languages import BASE
from exercises.script_schema import script_schema
from server.context import here
from server.errors import CannotKeep, DraftProblem, NotFound, NotSignedIn
from server.http.helpers import address, given, personal, same_origin_only
from server.i18n.locale import gettext, language_here
from server.rooms.admission.rate_limits import Buckets, Rate
from server.rooms.core.protocol.errors import TooMany
from server.services.scripts.drafts import Draft, DraftRefused, check_texts
from server.services.scripts.publishing import path_of, publish, signed, take_back

from .sign_in import owner

blueprint = Blueprint("script_editor", __name__, url_prefix="/therapist/studio")

MOST_BODY = 192 * 1024
CHANGES = Rate(burst=120, per_s=10)
"""Saves, looks and lines of one sign-in: some five times what a quick typist asks for."""
EMPTY = """\
id: my-exercise
title: ""
family: returns
level: 0
order: 500
lengths: [60, 75, 120]
aim: ""
when: ""
place: ""
care: ""
reviewed: null
therapist:
  rung: ""
  watch_for: [""]
  what_to_do: [""]
steps:
  - part: arrive
  - rest: 3
  - say: ""
  - rest: 4
  - part: consent
  - say: "Either of you can pause."
  - rest: 4
  - part: practice
  - say: ""
  - rest: 8
  - part: return
  - say: ""
  - rest: 5
  - part: close
  - say: "That's all."
  - rest: 3
"""
_rates = Buckets(CHANGES)


@blueprint.before_request
def _check() -> None:
    same_origin_only()
    signed_in = owner()
    if signed_in is None:
        raise NotSignedIn
    if request.method == "POST":
        bucket = _rates.of(signed_in, time.monotonic())
        if not bucket.take(time.monotonic()):
            raise TooMany(bucket.wait_s(time.monotonic()))


@blueprint.errorhandler(DraftRefused)
def _refused(error: DraftRefused) -> Response:
    from server.errors import error_response

    return error_response(DraftProblem(error.code, str(error)))


@blueprint.errorhandler(OSError)
def _not_kept(error: OSError) -> Response:
    from server.errors import error_response

    return error_response(CannotKeep("The data folder takes nothing. Make room in it, then try again."))


def _found(name: str) -> Draft:
    draft = here().drafts.find(name)
    if draft is None:
        raise NotFound("There is no such draft any more. It may have been deleted.")
    return draft


def _body() -> dict[str, Any]:
    request.max_content_length = MOST_BODY
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    return body if isinstance(body, dict) else {}


def _texts(body: dict[str, Any]) -> dict[str, str]:
    texts = body.get("texts")
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise DraftRefused("bad_draft", "A draft has an English text, and may have a Spanish one beside it.")
    check_texts(cast(dict[str, str], texts))
    return cast(dict[str, str], texts)


def _number(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _kept(draft: Draft, texts: bool = False) -> Response:
    plain: dict[str, Any] = {"rev": draft.rev, "can_undo": draft.can_undo, "can_redo": draft.can_redo}
    return personal(jsonify({**plain, "texts": draft.texts} if texts else plain))


@blueprint.get("")
def page() -> Response:
    """The drafts, what is published, and what is out of order."""
    library, drafts = here().library, here().drafts.all()
    shown = render_template(
        "pages/therapist/script_drafts.html",
        drafts=drafts,
        exercises=[library.get(e.id, language_here()) for e in library],
        published=[library.get(name, language_here()) for name in sorted(library.own)],
        faults=[(Path(one.file).name, one) for one in library.problems],
    )
    return personal(make_response(shown))


@blueprint.post("/start")
def start() -> Response:
    """A new draft: empty, or a copy of any exercise with its translation."""
    wanted = given("from")
    draft = here().drafts.make(_copied(wanted) if wanted else {BASE: EMPTY})
    return address(url_for(".editor", name=draft.name))


def _copied(exercise_id: str) -> dict[str, str]:
    """The texts of an exercise, under an id that nothing has yet."""
    library = here().library
    library.get(exercise_id)  # raises UnknownExercise
    texts = here().scripts.texts(exercise_id)
    number = 2
    while f"{exercise_id}-{number}" in library.exercises:
        number += 1
    old, new = f"id: {exercise_id}\n", f"id: {exercise_id}-{number}\n"
    return {language: text.replace(old, new, 1) for language, text in texts.items()}


@blueprint.get("/schema.json")
def schema() -> Response:
    """The published schema of a script, from which keys and values are offered."""
    return personal(jsonify(script_schema()))


@blueprint.get("/<name>")
def editor(name: str) -> Response:
    """The page on which a draft is written."""
    draft = _found(name)
    return personal(make_response(render_template("pages/therapist/script_editor.html", draft=draft)))


@blueprint.post("/<name>/save")
def save(name: str) -> Response:
    """Keep the texts; answered once they are on the disk."""
    body = _body()
    texts, rev = _texts(body), _number(body, "rev")
    return _kept(here().drafts.save(name, rev, texts))


@blueprint.post("/<name>/undo")
def undo(name: str) -> Response:
    """Go one change back."""
    return _kept(here().drafts.step(name, _number(_body(), "rev"), -1), texts=True)


@blueprint.post("/<name>/redo")
def redo(name: str) -> Response:
    """Go one change forth again."""
    return _kept(here().drafts.step(name, _number(_body(), "rev"), 1), texts=True)


@blueprint.post("/<name>/look")
def look(name: str) -> Response:
    """The checks and the timelines of texts that are being written."""
    _found(name)
    return personal(jsonify(here().studio.inspect(_texts(_body()))))


@blueprint.post("/<name>/hear")
def hear(name: str) -> Response:
    """One line for one listener, kept nowhere; refused for a draft that could hurt somebody."""
    _found(name)
    body = _body()
    language = body.get("language") if isinstance(body.get("language"), str) else BASE
    voice = here().selector.speaking(here().voices[0].id, str(language))
    spoken = here().studio.rehearse(
        _texts(body), str(language), _number(body, "cue"), str(body.get("listener")), voice
    )
    response = personal(Response(spoken.flac, mimetype="audio/flac"))
    response.headers["X-Seconds"] = f"{spoken.seconds:.3f}"
    return response


@blueprint.post("/<name>/publish")
def publish_draft(name: str) -> Response:
    """Put a draft into the library, on every phone at once."""
    draft = _found(name)
    exercise_id = publish(draft, here().studio.inspect(draft.texts), here().settings.data)
    here().drafts.mark_published(name, exercise_id)
    here().scripts.look()
    return personal(
        jsonify(published=exercise_id, address=url_for("pages.exercise", exercise_id=exercise_id))
    )


@blueprint.post("/<name>/sign")
def sign(name: str) -> Response:
    """Set a reviewer's mark on the words of one language; it ends with any change to them."""
    draft, body = _found(name), _body()
    language, initials, date = (str(body.get(key)) for key in ("language", "initials", "date"))
    texts = signed(draft, here().studio.inspect(draft.texts), language, initials, date)
    if (
        language not in here().studio.inspect(texts)["reviewed"]
    ):  # the text is written in another way than ours
        raise DraftRefused(
            "bad_review", "Not signed: write `reviewed: null` on a line of its own, then sign again."
        )
    return _kept(here().drafts.save(name, _number(body, "rev"), texts), texts=True)


@blueprint.post("/take-back")
def take_back_exercise() -> Response:
    """Take a script that was written here out of the library; its text stays as a draft. Rooms go on with it."""
    exercise_id, data = given("id"), here().settings.data
    if exercise_id not in here().library.own:
        raise NotFound(gettext("That exercise is not published from here."))
    drafts = [draft for draft in here().drafts.all() if draft.published == exercise_id]
    if not drafts and path_of(data, exercise_id).exists():
        here().drafts.make(here().scripts.texts(exercise_id))
    take_back(data, exercise_id)
    for draft in drafts:
        here().drafts.mark_published(draft.name, "")
    here().scripts.look()
    return address(url_for(".page"))


@blueprint.post("/<name>/copy")
def copy(name: str) -> Response:
    """Keep texts as another draft: what a tab holds whose draft was changed elsewhere."""
    draft = here().drafts.make(_texts(_body()))
    return address(url_for(".editor", name=draft.name))


@blueprint.post("/<name>/delete")
def delete(name: str) -> Response:
    """Delete a draft. What was published of it stays."""
    here().drafts.delete(name)
    return address(url_for(".page"))
