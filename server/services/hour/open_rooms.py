"""The rooms that therapists have open, as a page lists them."""

from __future__ import annotations

from typing import Any

from server.context import here
from server.i18n.catalog import N_
from server.i18n.locale import gettext, language_here
from server.rooms.core.types import PARTNERS
from server.rooms.hub import Live
from server.rooms.stores.store import Listed

PHASES = {
    "gathering": N_("waiting for the phones"),
    "preparing": N_("getting ready"),
    "ready": N_("ready to begin"),
    "playing": N_("playing"),
    "paused": N_("paused"),
    "held": N_("in a held silence"),
    "grounding": N_("grounding"),
    "closing": N_("ending gently"),
    "ended": N_("ended"),
}


def listed() -> list[dict[str, Any]]:
    """The rooms for a template, the newest first."""
    hub = here().hub
    return [
        *(_listed(live) for live in reversed(hub.conducted())), *map(_elsewhere, hub.conducted_elsewhere()),
    ]  # fmt: skip


def _listed(live: Live) -> dict[str, Any]:
    state = live.room.state
    phones = sum(state.phones[seat].here for seat in PARTNERS)
    words = (gettext("no phone"), gettext("one phone"), gettext("both phones"))[phones]
    return {
        "id": live.id, "name": room_name(live), "label": live.label, "exercise": exercise_title(live),
        "state": gettext(PHASES[state.phase]), "phones": words,
    }  # fmt: skip


def _elsewhere(one: Listed) -> dict[str, Any]:
    """A room of another service: it comes here when somebody goes into it."""
    title = _title(one.exercise)
    name = one.label or title or one.room[:4]
    return {
        "id": one.room,
        "name": name,
        "label": one.label,
        "exercise": title,
        "state": gettext("open"),
        "phones": "",
    }


def exercise_title(live: Live) -> str:
    """The title of what a room has chosen, in the language of the page; empty where it has chosen nothing."""
    choice = live.room.state.choice
    return _title(choice.exercise_id) if choice else ""


def _title(exercise: str) -> str:
    library = here().library
    return library.get(exercise, language_here()).title if exercise in library.exercises else ""


def room_name(live: Live) -> str:
    """The label of a room; without one what is done in it, else the first signs of its address."""
    return live.label or exercise_title(live) or live.id[:4]
