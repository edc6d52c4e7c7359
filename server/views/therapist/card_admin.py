"""Pages on which a therapist who is signed in makes cards to take home, sees which there are, and ends them.

GET  /therapist/cards           the page; `plan` in the query has its pieces and its label chosen already, `room` what
                                was done there last, or `exercise` that one and `length` its length
POST /therapist/cards           {exercise-1, length-1, voice-1, setting-1 …, sentence, label, expires} → 303 to
                                the page, which shows the address once, or {address, name} as JSON
POST /therapist/cards/end       {card: its digest} → 303 to the page
POST /therapist/cards/remove    {card: its digest}: takes what is left of one that is over out of the list
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta

import segno
from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from exercises.errors import ChoiceError
from server.context import here
from server.errors import NotFound, NotSignedIn
from server.http.helpers import address, given, personal, reachable, same_origin_only
from server.i18n.locale import day_words, gettext, language_here
from server.services.hour.cards import Card
from server.services.hour.pieces import MOST_PIECES, Piece, pieces_of_form
from server.services.sound.choices import SETTINGS, Option, speaking_of
from server.views.listening.cards import card_rows, today
from server.views.rooms import only_here

from .sign_in import offered_exercises, owner

blueprint = Blueprint("card_admin", __name__, url_prefix="/therapist/cards")

PAGE = "cards"
LONGEST_DAYS = 366
USUAL_DAYS = 28


@blueprint.before_request
def _check() -> None:
    same_origin_only()
    if owner() is None:
        raise NotSignedIn


def _mine() -> str:
    return owner() or ""


@blueprint.get("")
def page() -> Response:
    """The cards there are, the way to one more, and the one that was made just now."""
    shown = here().shown.take(_mine(), PAGE, here().hub.clock())
    made = here().cards.named(shown["digest"], today()) if shown else None
    target, (wished, label) = shown.get("address", ""), _wished()
    qr = segno.make(target, error="m", micro=False).svg_data_uri(border=3, omitsize=True) if shown else ""
    return personal(
        make_response(
            render_template(
                "pages/therapist/cards.html",
                cards=here().cards.all(today()),
                rows={card.digest: card_rows(card) for card in here().cards.all(today())},
                today=today(),
                made=made, address=target, qr=qr, key=shown.get("key", ""),
                only_here=only_here(target) if target else "",
                soonest=today(), usual=today() + timedelta(days=USUAL_DAYS),
                latest=today() + timedelta(days=LONGEST_DAYS),
                label=label, **piece_choices(wished),
            )
        )
    )  # fmt: skip


def _wished() -> tuple[tuple[Piece, ...], str]:
    """Pieces and a label that are chosen already when the page opens."""
    plan = here().plans.find(request.args.get("plan", ""))
    if plan is not None:
        return plan.pieces, plan.label
    name, live = request.args.get("exercise", ""), here().hub.live(request.args.get("room", ""))
    if name not in here().library.exercises:
        return (), ""
    piece, label = Piece(name, request.args.get("length", "")), ""
    if live is not None and live.owner is not None:
        label, choice = live.label, live.room.state.choice
        if choice and choice.exercise_id == name:
            piece = replace(piece, voice=choice.voice)
    return (piece,), label


def piece_choices(chosen: tuple[Piece, ...]) -> dict[str, object]:
    """Values that the form's part for pieces is filled from; see parts/pieces.html."""
    voices = speaking_of(here().offers, language_here())
    places = [chosen[place] if place < len(chosen) else Piece("") for place in range(MOST_PIECES)]
    return {
        "places": places,
        "exercises": offered_exercises(),
        "voices": [Option(voice.id, gettext(voice.label)) for voice in voices],
        "settings": [Option(value, gettext(label)) for value, label in SETTINGS.items()],
    }


@blueprint.post("")
def make() -> Response:
    """One more card. Its address is shown now and never again, since only a digest of it is kept."""
    pieces = pieces_of_form(given, here().library, here().offers, language_here())
    key, card = here().cards.make(
        pieces, os.urandom, today(), given("sentence"), given("label"), _expiry(given("expires"))
    )
    target = reachable(url_for("cards.page", key=key, _external=True))
    if request.is_json:
        return personal(jsonify(address=target, name=card.name))
    shown = {"address": target, "digest": card.digest, "key": key}
    here().shown.put(_mine(), PAGE, shown, here().hub.clock())
    return address(url_for("card_admin.page"))


def _expiry(typed: str) -> date | None:
    """The last day of a card; raises ChoiceError."""
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = date.min
    latest = today() + timedelta(days=LONGEST_DAYS)
    if not today() <= day <= latest:
        sentence = gettext("Choose a last day from today to %(latest)s, or none.")
        raise ChoiceError(sentence % {"latest": day_words(latest)})
    return day


def _named() -> Card:
    card = here().cards.named(given("card"), today())
    if card is None:
        raise NotFound("There is no such card. Load the page again.")
    return card


@blueprint.post("/end")
def end() -> Response:
    """End a card: from now on its address answers so, and her sentence is gone."""
    here().cards.end(_named(), today())
    return address(url_for("card_admin.page"))


@blueprint.post("/remove")
def remove() -> Response:
    """Take a card that is over out of the list."""
    card = _named()
    if card.is_over(today()):
        here().cards.forget(card)
    return address(url_for("card_admin.page"))
