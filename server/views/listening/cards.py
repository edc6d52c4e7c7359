"""A card over HTTP, all of it under the address that its key makes, so that all of it ends with the card.

    GET /cards/<key>/                       the card: her sentence, its pieces, and how to take it along
    GET /cards/<key>/card.html              the whole of it as one file that opens with no network
    GET /cards/<key>/feed.xml, cover.png    a private feed of just these pieces
    GET /cards/<key>/<exercise>/            a piece on its page, also one that is first done with a therapist
    GET /cards/<key>/<exercise>/timeline.json, sound.json, audio.mp3, captions.vtt, chapters.json, transcript.txt

A card that was ended or has expired answers 410, one that never was 404. Nothing is kept or counted of its use.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

from flask import Blueprint, Response, make_response, render_template, request, url_for

from audio.render.metadata import COVER
from audio.studio.order_queue import Rank
from exercises.model import Exercise
from exercises.timeline import seconds
from server.context import here
from server.errors import CardOver, NotFound
from server.http.helpers import personal
from server.http.limits.connections import hung_up
from server.http.sound import PRIVATE, asking, sound_response
from server.i18n.locale import language_here
from server.services.export.export_set import may_be_taken_along
from server.services.export.rss import Episode, Show, rss, show_guid
from server.services.hour.card_file import CardFile, FilePiece
from server.services.hour.cards import Card
from server.services.hour.pieces import Shown, shown_pieces
from server.services.sound.choices import length_label

from . import exercises
from .pages import exercise_page, level_words

blueprint = Blueprint("cards", __name__, url_prefix="/cards/<key>")

NO_CARD = "There is no such card. Ask whoever gave you its address."
NOT_ON_IT = "This piece is not on the card. Open the card again and choose one of those that are."


def today() -> date:
    """The day by which cards expire."""
    return datetime.now(timezone.utc).date()


def _card(key: str) -> Card:
    card = here().cards.find(key, today())
    if card is None:
        raise NotFound(NO_CARD)
    if card.is_over(today()):
        raise CardOver
    return card


def _pieces(card: Card) -> list[Shown]:
    return shown_pieces(card.pieces, here().library, here().offers, language_here())


def _piece(key: str, exercise_id: str) -> Exercise:
    """The exercise of a piece, if the card has it. Raises NotFound and CardOver."""
    if _card(key).piece(exercise_id) is None:
        raise NotFound(NOT_ON_IT)
    return here().library.get(exercise_id, language_here())


def _private(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return personal(response)


@blueprint.get("/")
def page(key: str) -> Response:
    """The card, for whoever holds it."""
    card = _card(key)
    size = _card_file(card).size(here().studio)
    shown = render_template(
        "pages/listening/card.html", card=card, pieces=card_rows(card, key), key=key,
        megabytes=max(1, round(size / 1e6)) if size else 0,
    )  # fmt: skip
    return _private(make_response(shown))


def _href(one: Shown, key: str) -> str:
    return f"{url_for('cards.piece', key=key, exercise_id=one.exercise.id)}?{one.choices.query()}"


def card_rows(card: Card, key: str = "") -> list[dict[str, object]]:
    """The pieces of a card for a template; with its key each has an address."""
    return [
        {
            "exercise": one.exercise,
            "length": length_label(one.choices.length),
            "level": level_words(one.exercise),
            "unlocks": one.exercise.first_with_therapist,
            "file": may_be_taken_along(one.exercise),
            "href": _href(one, key) if key else "",
        }
        for one in _pieces(card)
    ]  # fmt: skip


@blueprint.get("/<exercise_id>/")
def piece(key: str, exercise_id: str) -> Response:
    """A piece on its page, with all that the page of an exercise has."""
    found = _piece(key, exercise_id)
    back = f"{url_for('.piece', key=key, exercise_id=exercise_id)}?{request.query_string.decode('ascii', 'ignore')}"
    return _private(make_response(exercise_page(found, back, url_for(".page", key=key))))


_PARTS: dict[str, Callable[[str], Response]] = {
    "timeline.json": exercises.timeline,
    "captions.vtt": exercises.captions,
    "chapters.json": exercises.chapter_list,
    "transcript.txt": exercises.transcript,
}


@blueprint.get(
    "/<exercise_id>/<any('timeline.json', 'captions.vtt', 'chapters.json', 'transcript.txt'):name>"
)
def part(key: str, exercise_id: str, name: str) -> Response:
    """Timeline that the page of a piece plays by, and its texts."""
    _piece(key, exercise_id)
    return _private(_PARTS[name](exercise_id))


@blueprint.get("/<exercise_id>/sound.json")
def state(key: str, exercise_id: str) -> Response:
    """Address of the sound of a piece."""
    _piece(key, exercise_id)
    return exercises.sound_state(exercises.recipe_asked(exercise_id, exercises.PLAYED, unlocked=True)[1])


@blueprint.get("/<exercise_id>/audio.mp3")
def sound(key: str, exercise_id: str) -> Response:
    """The sound of a piece."""
    _piece(key, exercise_id)
    recipe = exercises.recipe_asked(exercise_id, exercises.PLAYED, unlocked=True)
    return sound_response(*recipe, PRIVATE, rank=Rank.LISTENER)


# ---- the feed


@blueprint.get("/feed.xml")
def feed(key: str) -> Response:
    """The pieces that may be files, as a feed: an app cannot ask for a yes."""
    card = _card(key)
    found = [one for one in _pieces(card) if may_be_taken_along(one.exercise)]
    made = datetime.combine(card.made, time(), timezone.utc)
    show = Show(
        guid=show_guid(card.digest),
        address=url_for(".feed", key=key, _external=True),
        home=url_for(".page", key=key, _external=True),
        cover=url_for(".cover", key=key, _external=True),
        changed=max(here().since, made),
        episodes=[_episode(key, one, made, place) for place, one in enumerate(found, 1)],
    )
    return _private(Response(rss(show), mimetype="application/rss+xml"))


def _episode(key: str, one: Shown, made: datetime, place: int) -> Episode:
    exercise, query = one.exercise, one.choices.query()
    recipe, sound_key = exercises.keyed(exercise, one.choices, exercises.PLAYED, here().selector)

    def address(endpoint: str, **more: str) -> str:
        target = url_for(endpoint, key=key, exercise_id=exercise.id, _external=True, **more)
        return f"{target}?{query}"

    return Episode(
        guid=f"still-here/cards/{here().cards.find(key, today()).digest[:16]}/{exercise.id}",  # type: ignore[union-attr]
        title=exercise.title,
        summary=f"{exercise.aim} When: {exercise.when} Where: {exercise.place} Good to know first: {exercise.care}",
        published=made - timedelta(minutes=place),
        number=place,
        seconds=round(seconds(exercises.timeline_of(exercise, one.choices).length)),
        size=here().studio.size(recipe, sound_key) or 0,
        sound=address(".sound"),
        chapters=address(".part", name="chapters.json"),
        captions=address(".part", name="captions.vtt"),
    )


@blueprint.get("/cover.png")
def cover(key: str) -> Response:
    """The picture of the feed."""
    _card(key)
    return _private(Response(COVER.read_bytes(), mimetype="image/png"))


# ---- one file


@blueprint.get("/card.html")
def file(key: str) -> Response:
    """The card as one file: sound, words and captions are inside, and it asks for nothing."""
    made, studio = _card_file(_card(key)), here().studio
    for first in made.pieces[:1]:
        # so that a voice that does not answer is said in a sentence, which a broken download could not do
        with studio.held(studio.render(first.recipe, first.key, asking(Rank.FILE))) as render:
            render.wait_started(hung_up(request.environ))
    body = made.stream(studio, asking(Rank.FILE))
    response = Response(body, mimetype="text/html", direct_passthrough=True)
    size = made.size(studio)
    if size is not None:
        response.content_length = size
    response.headers["Content-Disposition"] = 'attachment; filename="still-here-card.html"'
    return _private(response)


def _card_file(card: Card) -> CardFile:
    found = []
    for one in _pieces(card):
        recipe = exercises.keyed(one.exercise, one.choices, exercises.PLAYED, here().selector)[0].compacted()
        timeline = exercises.timeline_json(
            one.exercise, exercises.timeline_of(one.exercise, one.choices), one.choices
        )
        found.append(
            FilePiece(one.exercise, timeline, recipe, recipe.key(), length_label(one.choices.length))
        )
    return CardFile(card, tuple(found), render_template)
