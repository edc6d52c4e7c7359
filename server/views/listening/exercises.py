"""Everything that belongs to one exercise: its timeline, its sound, and the texts beside it.

Everything is cacheable by its content: an answer carries the digest of what it is made from as its ETag.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Blueprint, Response, jsonify, request

from audio.recipe import FORMATS, Format, Recipe
from audio.render import metadata
from audio.studio.order_queue import Rank
from exercises.languages import LANGUAGES
from exercises.model import LOUDSPEAKER, Exercise, Listener, shown_for
from exercises.timeline import Cue, Timeline, seconds
from server.context import here
from server.errors import NotAFile, NotFound, NotOnItsOwn, sound_sentence
from server.http.sound import sound_response
from server.i18n.locale import gettext, language_here
from server.services.export.export_set import may_be_taken_along
from server.services.sound.choices import Choices, parse
from server.services.sound.recipes import as_read, keyed, timeline_for

blueprint = Blueprint("exercises", __name__, url_prefix="/exercises/<exercise_id>")

TIMELINE_FORMAT = 1
PLAYED: Format = "mp3"
"""The format that the page plays; the others are for taking along."""
_SEATS = {"circle": Listener("first"), "square": Listener("second")}


def _chosen(exercise_id: str) -> tuple[Exercise, Choices]:
    exercise = here().library.get(exercise_id, language_here())
    return exercise, parse(exercise, here().offers, request.args)


def timeline_of(exercise: Exercise, choices: Choices) -> Timeline:
    """The timeline of an exercise; the last ones are remembered."""
    return timeline_for(exercise, as_read(exercise, choices, here().selector))


def _cacheable(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "public, no-cache"
    response.make_conditional(request)
    return response


def _text(body: str, mimetype: str) -> Response:
    etag = hashlib.sha256(body.encode()).hexdigest()[:32]
    return _cacheable(Response(body, mimetype=mimetype), etag)


@blueprint.get("/timeline.json")
def timeline(exercise_id: str) -> Response:
    """The timeline for the page: times in seconds of the file of sound."""
    exercise, choices = _chosen(exercise_id)
    laid_out = timeline_of(exercise, choices)
    return _text(
        json.dumps(timeline_json(exercise, laid_out, choices), ensure_ascii=False), "application/json"
    )


def timeline_json(exercise: Exercise, laid_out: Timeline, choices: Choices) -> dict[str, Any]:
    """A timeline as docs/pages.md describes it."""
    titles = LANGUAGES[language_here()].parts
    cues = [_cue_json(cue, choices) for cue in laid_out.cues if cue.kind != "bell" or choices.bell == "soft"]
    return {
        "format": TIMELINE_FORMAT,
        "exercise": {
            "id": exercise.id, "title": exercise.title, "level": exercise.level, "family": exercise.family,
        },
        "duration": seconds(laid_out.length),
        "lead_in": seconds(laid_out.lead_in),
        "parts": [
            {"name": p.name, "title": titles[p.name], "start": seconds(p.start), "end": seconds(p.end)}
            for p in laid_out.parts
        ],
        "cues": cues,
    }  # fmt: skip


def _cue_json(cue: Cue, choices: Choices) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "kind": cue.kind, "start": seconds(cue.start), "end": seconds(cue.end), "part": cue.part,
    }  # fmt: skip
    if cue.text is not None:
        # on one phone a side reads what it hears, except that turns always show who does what
        plain["text"] = {seat: shown_for(cue.text, listener) for seat, listener in _SEATS.items()}
    if cue.phases:
        plain["phases"] = [[p.direction, seconds(p.start), seconds(p.end)] for p in cue.phases]
    if cue.answers:
        plain["answers"] = [shown_for(answer, LOUDSPEAKER) for answer in cue.answers]
    if cue.move:
        plain["move"] = cue.move
    return plain


@blueprint.get("/captions.vtt")
def captions(exercise_id: str) -> Response:
    """The spoken lines as WebVTT."""
    exercise, choices = _chosen(exercise_id)
    laid_out = timeline_of(exercise, choices)
    return _text(metadata.vtt(laid_out, choices.setting), "text/vtt")


@blueprint.get("/chapters.json")
def chapter_list(exercise_id: str) -> Response:
    """The five parts as Podcasting 2.0 chapters."""
    exercise, choices = _chosen(exercise_id)
    laid_out = timeline_of(exercise, choices)
    return _text(json.dumps(metadata.chapters_json(laid_out)), "application/json+chapters")


@blueprint.get("/transcript.txt")
def transcript(exercise_id: str) -> Response:
    """The spoken lines as plain text."""
    exercise, choices = _chosen(exercise_id)
    laid_out = timeline_of(exercise, choices)
    return _text(metadata.transcript(laid_out, choices.setting), "text/plain")


def recipe_asked(exercise_id: str, kind: str, unlocked: bool = False) -> tuple[Recipe, str]:
    """The recipe of a file of sound that is asked for, and its key.

    `unlocked`: a card opens this exercise at home. Raises NotOnItsOwn, NotAFile and NotFound.
    """
    if kind not in FORMATS:
        sentence = gettext("There is no sound of that kind. Choose one of: %(kinds)s.")
        raise NotFound(sentence % {"kinds": ", ".join(FORMATS)})
    exercise, choices = _chosen(exercise_id)
    if exercise.first_with_therapist and not unlocked:
        sentence = gettext("%(title)s is first done with a therapist, so it does not start on its own.")
        raise NotOnItsOwn(sentence % {"title": exercise.title})
    if not may_be_taken_along(exercise) and kind != PLAYED:
        sentence = gettext(
            "%(title)s asks both of you as it goes, and a file cannot ask. Play it on its page."
        )
        raise NotAFile(sentence % {"title": exercise.title})
    return keyed(exercise, choices, kind, here().selector)


@blueprint.get("/sound.json")
def sound(exercise_id: str) -> Response:
    """The state of the sound of these choices: absent, composing, ready or failed (then with a sentence)."""
    return sound_state(recipe_asked(exercise_id, request.args.get("kind", PLAYED))[1])


def sound_state(key: str) -> Response:
    """The state of the sound of a key, as JSON."""
    studio = here().studio
    failure = studio.failure(key)
    response = jsonify(state=studio.peek(key), message=sound_sentence(failure) if failure else failure)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/audio.<kind>")
def audio(exercise_id: str, kind: str) -> Response:
    """The sound itself, whole or in part, also while it is still being made."""
    return sound_response(
        *recipe_asked(exercise_id, kind), rank=Rank.LISTENER if kind == PLAYED else Rank.FILE
    )
