"""The state of each voice of the catalogue here, and which of them a page offers."""

from __future__ import annotations

from typing import Any

from audio.speech.engines import home
from audio.speech.installation.catalog import NaturalVoice, catalogue
from server.context import here
from server.errors import sound_sentence
from server.i18n.catalog import N_
from server.i18n.locale import gettext, language_here

from .natural_voices import lacks, megabytes, worth_installing

NOT_FETCHED = "This voice didn’t load. Try again later."
LICENCES = (N_("public domain"), N_("its own, free where Jenny (Dioco) is named"))
"""Licences that the catalogue names in words; the others go by their own names, such as CC0."""


def states() -> list[dict[str, Any]]:
    """Each voice of the catalogue, and where it stands; those that speak the page's language first."""
    language = language_here()
    return [_state(voice) for voice in sorted(catalogue(), key=lambda one: not one.speaks(language))]


def offer() -> dict[str, Any] | None:
    """The voice that would be the first natural one in the language of the page; None where it has one."""
    voice = worth_installing(language_here(), here().voices)
    return _state(voice) if voice else None


def _state(voice: NaturalVoice) -> dict[str, Any]:
    """One voice for a template: absent, coming, ready or failed."""
    coming = here().installations.get(voice.name)
    ready = voice.is_installed(home())
    state = "ready" if ready else coming.state if coming and coming.state != "ready" else "absent"
    share = coming.done_bytes / coming.whole_bytes if coming and coming.whole_bytes else 0.0
    missing = lacks(voice)
    return {
        "name": voice.name, "label": voice.label, "language": voice.language, "licence": gettext(voice.licence),
        "research": voice.research, "size": megabytes(voice.size), "state": state, "percent": round(100 * share),
        "message": sound_sentence(coming.message, NOT_FETCHED) if coming and state == "failed" else "",
        "lacks": gettext(missing) if missing else "", "sample": voice.sample is not None,
    }  # fmt: skip
