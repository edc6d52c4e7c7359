"""What belongs to one exercise: its timeline, its sound, and the texts beside it.

Everything is cacheable by its content: an answer carries the digest of what it is made from as its ETag.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, jsonify, request

from audio import chapters
from audio.compose import Recipe
from audio.encode import FORMATS, MIME, Format
from audio.mix import Texture
from exercises.model import CONSENT_LEVEL, PART_TITLES, Exercise, Listener, words_for
from exercises.timeline import Cue, Timeline, plan, seconds

from .choices import Choices, parse
from .context import here
from .errors import NotAFile, NotFound, NotOnItsOwn, sound_sentence
from .languages import gettext
from .ranges import Span, requested_span

blueprint = Blueprint("exercises", __name__, url_prefix="/exercises/<exercise_id>")

TIMELINE_FORMAT = 1
PLAYED: Format = "mp3"
"""The format that the page plays; the others are for taking along."""
_SEATS = {"circle": Listener("first"), "square": Listener("second")}


def _chosen(exercise_id: str) -> tuple[Exercise, Choices]:
    exercise = here().library.get(exercise_id)
    return exercise, parse(exercise, here().voices, request.args)


def recipe_for(exercise: Exercise, choices: Choices, kind: Format) -> Recipe:
    """The recipe of one file of sound."""
    return Recipe(
        exercise=exercise,
        length_s=choices.length,
        setting=choices.setting,
        voice=choices.voice,
        texture=Texture(bell=choices.bell == "soft", bed=choices.bed),
        lead_in_s=choices.lead_in,
        kind=kind,
    )


@lru_cache(maxsize=256)
def _keyed(exercise: Exercise, choices: Choices, kind: Format) -> tuple[Recipe, str]:
    recipe = recipe_for(exercise, choices, kind)
    return recipe, recipe.key()


@lru_cache(maxsize=256)
def _timeline(exercise: Exercise, length: int, lead_in: int) -> Timeline:
    return plan(exercise, length, lead_in)


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
    """What happens when, for the page: times in seconds of the file of sound."""
    exercise, choices = _chosen(exercise_id)
    laid_out = _timeline(exercise, choices.length, choices.lead_in)
    return _text(
        json.dumps(timeline_json(exercise, laid_out, choices), ensure_ascii=False), "application/json"
    )


def timeline_json(exercise: Exercise, laid_out: Timeline, choices: Choices) -> dict[str, Any]:
    """A timeline as docs/architecture.md describes it for the page."""
    cues = [_cue_json(cue, choices) for cue in laid_out.cues if cue.kind != "bell" or choices.bell == "soft"]
    return {
        "format": TIMELINE_FORMAT,
        "exercise": {
            "id": exercise.id, "title": exercise.title, "level": exercise.level, "family": exercise.family,
        },
        "duration": seconds(laid_out.length),
        "lead_in": seconds(laid_out.lead_in),
        "parts": [
            {"name": p.name, "title": gettext(PART_TITLES[p.name]), "start": seconds(p.start), "end": seconds(p.end)}
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
        plain["text"] = {seat: words_for(cue.text, listener) for seat, listener in _SEATS.items()}
    if cue.phases:
        plain["phases"] = [[p.direction, seconds(p.start), seconds(p.end)] for p in cue.phases]
    if cue.answers:
        plain["answers"] = list(cue.answers)
    if cue.move:
        plain["move"] = cue.move
    return plain


@blueprint.get("/captions.vtt")
def captions(exercise_id: str) -> Response:
    """The spoken lines as WebVTT."""
    exercise, choices = _chosen(exercise_id)
    laid_out = _timeline(exercise, choices.length, choices.lead_in)
    return _text(chapters.vtt(laid_out, choices.setting), "text/vtt")


@blueprint.get("/chapters.json")
def chapter_list(exercise_id: str) -> Response:
    """The five parts as Podcasting 2.0 chapters."""
    exercise, choices = _chosen(exercise_id)
    laid_out = _timeline(exercise, choices.length, choices.lead_in)
    return _text(json.dumps(chapters.chapters_json(laid_out)), "application/json+chapters")


@blueprint.get("/transcript.txt")
def transcript(exercise_id: str) -> Response:
    """The spoken lines as plain text."""
    exercise, choices = _chosen(exercise_id)
    laid_out = _timeline(exercise, choices.length, choices.lead_in)
    return _text(chapters.transcript(laid_out, choices.setting), "text/plain")


def _recipe(exercise_id: str, kind: str) -> tuple[Recipe, str]:
    if kind not in FORMATS:
        sentence = gettext("There is no sound of that kind. Choose one of: %(kinds)s.")
        raise NotFound(sentence % {"kinds": ", ".join(FORMATS)})
    exercise, choices = _chosen(exercise_id)
    if exercise.first_with_therapist:
        sentence = gettext("%(title)s is first done with a therapist, so it does not start on its own.")
        raise NotOnItsOwn(sentence % {"title": exercise.title})
    if exercise.level >= CONSENT_LEVEL and kind != PLAYED:
        sentence = gettext(
            "%(title)s asks both of you as it goes, and a file cannot ask. Play it on its page."
        )
        raise NotAFile(sentence % {"title": exercise.title})
    return _keyed(exercise, choices, kind)


@blueprint.get("/sound.json")
def sound(exercise_id: str) -> Response:
    """Where the sound of these choices stands: absent, composing, ready or failed (then with a sentence)."""
    _, key = _recipe(exercise_id, request.args.get("kind", "mp3"))
    studio = here().studio
    failure = studio.failure(key)
    response = jsonify(state=studio.peek(key), message=sound_sentence(failure) if failure else failure)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/audio.<kind>")
def audio(exercise_id: str, kind: str) -> Response:
    """The sound itself, whole or in part, also while it is still being made."""
    recipe, key = _recipe(exercise_id, kind)
    studio, etag = here().studio, f'"{key}-{kind}"'
    if request.if_none_match and request.if_none_match.contains_weak(etag.strip('"')):
        return _sound_headers(Response(status=304), exercise_id, kind, etag)
    if request.method == "HEAD":
        response = Response(mimetype=MIME[recipe.kind])
        response.content_length = studio.size(recipe, key)
        return _sound_headers(response, exercise_id, kind, etag)
    take = studio.take(recipe, key)
    take.wait_started()
    assert take.size is not None
    asked = requested_span(request, take.size, etag)
    span = asked or Span(0, take.size)
    body = take.read(take.open(), span.start, span.stop)
    response = Response(
        body, status=206 if asked else 200, mimetype=MIME[recipe.kind], direct_passthrough=True
    )
    response.content_length = span.stop - span.start
    if asked:
        response.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{take.size}"
    return _sound_headers(response, exercise_id, kind, etag)


def _sound_headers(response: Response, exercise_id: str, kind: str, etag: str) -> Response:
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Content-Disposition"] = f'inline; filename="still-here-{exercise_id}.{kind}"'
    return response
