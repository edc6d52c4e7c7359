"""Pages on which a therapist who is signed in plans a session, prints the plan, and begins it.

GET  /therapist/plans               the plans there are, and the way to one more
POST /therapist/plans               {label, exercise-1, length-1, voice-1, watch-1, act-1 …} → 303 to the plan
GET  /therapist/plans/<id>          the plan: to be printed, begun, changed
POST /therapist/plans/<id>          the same fields: change it; 303 back to it
POST /therapist/plans/<id>/start    {screened: yes, admission} → 303 to its console, the first piece prepared
POST /therapist/plans/<id>/remove   → 303 to the list
"""

from __future__ import annotations

import os

from flask import Blueprint, Response, make_response, render_template, request, url_for

from exercises.errors import ChoiceError
from server.context import here
from server.errors import NotFound, NotSignedIn, ScreeningFirst
from server.http.helpers import address, given, is_ticked, personal, same_origin_only, wanted_room
from server.i18n.locale import gettext, language_here
from server.services.hour.pieces import Piece, pieces_of_form
from server.services.hour.plan_pieces import choice_of, shown_of
from server.services.hour.plans import Plan, TooManyPlans
from server.services.sound.choices import length_label
from server.views.rooms import seated

from .card_admin import piece_choices
from .sign_in import owner

blueprint = Blueprint("plans", __name__, url_prefix="/therapist/plans")


@blueprint.before_request
def _check() -> None:
    same_origin_only()
    if owner() is None:
        raise NotSignedIn


def _plan(plan_id: str) -> Plan:
    plan = here().plans.find(plan_id)
    if plan is None:
        raise NotFound("There is no such plan. All of them are on the page of plans.")
    return plan


def _pieces() -> tuple[Piece, ...]:
    return pieces_of_form(given, here().library, here().offers, language_here())


@blueprint.get("")
def page() -> Response:
    """The plans there are, and the form for one more."""
    plans = [
        {"plan": plan, "titles": [one.exercise.title for one in shown_of(plan)]}
        for plan in here().plans.all()
    ]
    shown = render_template("pages/therapist/plans.html", plans=plans, notes=True, **piece_choices(()))
    return personal(make_response(shown))


@blueprint.post("")
def make() -> Response:
    """One more plan."""
    try:
        plan = here().plans.make(given("label"), _pieces(), os.urandom)
    except TooManyPlans:
        raise ChoiceError(gettext("There are as many plans as fit here. Remove one first.")) from None
    return address(url_for("plans.plan", plan_id=plan.id))


@blueprint.get("/<plan_id>")
def plan(plan_id: str) -> Response:
    """One plan, on a page that prints as one sheet."""
    found = _plan(plan_id)
    voices = {offer.id: gettext(offer.label) for offer in here().offers}
    rows = [
        {
            "exercise": one.exercise, "piece": one.piece, "length": length_label(one.choices.length),
            "voice": voices.get(one.choices.voice, ""),
        }
        for one in shown_of(found)
    ]  # fmt: skip
    shown = render_template(
        "pages/therapist/plan.html",
        plan=found,
        rows=rows,
        notes=True,
        linked=here().links.has(found.label),
        **piece_choices(found.pieces),
    )
    return personal(make_response(shown))


@blueprint.post("/<plan_id>")
def change(plan_id: str) -> Response:
    """Keep a plan as it is in the form now."""
    found = _plan(plan_id)
    here().plans.keep(found.id, given("label"), _pieces())
    return address(url_for("plans.plan", plan_id=found.id))


@blueprint.post("/<plan_id>/remove")
def remove(plan_id: str) -> Response:
    """Take a plan away. A room that was opened with it goes on."""
    here().plans.remove(_plan(plan_id))
    return address(url_for("plans.page"))


@blueprint.post("/<plan_id>/start")
def start(plan_id: str) -> Response:
    """Open a room with the first piece prepared; the others are made while that plays."""
    found, signed_in = _plan(plan_id), owner()
    if not is_ticked("screened"):
        raise ScreeningFirst
    choices = [choice_of(one) for one in shown_of(found)]
    if not choices:
        raise NotFound("No exercise of this plan is here any more. Choose others in it.")
    room, _, token = here().hub.open_room(
        choices[0], request.remote_addr or "", therapist=True, owner=signed_in, label=found.label, plan=found.id,
        ahead=choices[1:], room_id=wanted_room(), admission=is_ticked("admission"),
    )  # fmt: skip
    return seated(room, token)
