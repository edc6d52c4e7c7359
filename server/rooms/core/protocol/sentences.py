"""Every sentence that a room shows or speaks, in one place, so that the content rules can be held to it.

Nobody is named: what comes to pass is the couple's, or nobody's.
"""

from __future__ import annotations

from exercises.model import InLanguages

# what is asked
ASK_START = "Do you both want this one, now?"
START_YES, START_NO = "Yes, now", "Not today"
ASK_RESUME = "Go on together?"
RESUME_YES, RESUME_NO = "Yes, go on", "Stay here"

# what is so, on both phones alike
NOTES: dict[str, str] = {
    "paused": "Paused",
    "held": "A longer silence. You don’t have to do anything.",
    "grounding": "A pause for both of you. Nothing went wrong.",
    "quieter_offer": "A quieter one today?",
    "quieter": "A quieter way through today. Stay as you are.",
    "unattended": "The therapist isn’t connected right now. You can rest here, or end gently.",
    "closing": "Ending here, gently.",
    "ended": "That’s the end of this one.",
    "script_failed": "This exercise could not be prepared. Nothing has started. Choose another one.",
    "voice_failed": "The voice is not answering. Nothing has started. Choose again in a moment.",
    "choice_failed": "This exercise does not come in that length. Nothing has started. Choose again.",
}


# what is spoken by the guide outside of any script
def _guide(en: str, es: str) -> InLanguages:
    return InLanguages((("en", en), ("es", es)))


GUIDE: dict[str, InLanguages] = {
    "stopping_here": _guide(
        "Stopping here. You're allowed. Feel your feet. Look at something far away.",
        "Nos detenemos aquí. Está bien. Siente los pies. Mira algo que esté lejos.",
    ),
    "pause_for_both": _guide(
        "A pause for both of you. Nothing went wrong.",
        "Una pausa para ustedes. Nada ha salido mal.",
    ),
    "grounded": _guide(
        "A few quieter minutes now, to feel the floor and the room. Nothing went wrong.",
        "Ahora vienen unos minutos más tranquilos, para sentir el suelo y el lugar. Nada ha salido mal.",
    ),
    "close_first": _guide(
        "That's all for today. Feel your feet, and what you sit on.",
        "Eso es todo por hoy. Siente los pies, y lo que te sostiene.",
    ),
    "close_last": _guide(
        "Look around the room. You don't have to talk about it.",
        "Mira alrededor. No hace falta hablar de esto.",
    ),
}
CHECK_WORDS: tuple[InLanguages, ...] = (
    _guide("Window.", "Ventana."),
    _guide("Kettle.", "Cuchara."),
    _guide("River.", "Camino."),
    _guide("Paper.", "Papel."),
    _guide("Garden.", "Jardín."),
    _guide("Orange.", "Naranja."),
)
"""Words by which a phone finds out whether it is heard: things, told apart by their vowels and their length."""
CLOSE_LINES: tuple[tuple[float, str], ...] = ((1.0, "close_first"), (10.5, "close_last"))
"""Seconds into the close, and the guide's line that begins there."""
PASSED_OVER = "Stay as you are. This is enough."
"""Stands on the screen in place of a look or a reach that a rung down leaves out."""

# why a phone is not ready yet, in the words of the console and of that phone
REASONS: dict[str, str] = {
    "admission": "The phone waits to be let in.",
    "away": "The phone is not connected.",
    "unprepared": "The exercise is still being prepared.",
    "sound": "Sound is waiting for a tap on the phone.",
    "clips": "The voice is still loading on the phone.",
    "clock": "The phone is still getting in step.",
}

# what is refused
CROWDED = "This room already has two phones."
CROWDED_CONSOLE = "This room already has a console."
BAD_CODE = (
    "This code didn’t work. It may be mistyped, already used or out of date. "
    "Tap “New code” on the page that showed it."
)
TOO_MANY = "Too many tries in a short time. Wait a minute, then try again."
NOT_NOW = "That is not possible right now."
ROOM_CLOSED = "This room is closed. A new one is two taps away."
REFUSALS: dict[str, str] = {
    "not_admitted": "The therapist has to let this phone in first.",
    "already_started": "The exercise has started. This can be changed before the next one.",
    "not_ready": "Both phones have to be ready first.",
    "unheard": "A phone that speaks has not been heard yet. Let it play its word, or start anyway.",
    "not_started": "This works once the exercise has started.",
    "not_playing": "This works while the exercise is playing.",
    "not_held": "No silence is being held.",
    "not_paused": "Nothing is paused.",
    "too_late": "That can’t be taken back any more.",
    "not_ended": "This works once the exercise is over.",
    "needs_both": "Going on takes a yes from both phones.",
    "not_listening": "The phones are not listening for each other now.",
    "not_asked": "That question is no longer open.",
    "with_therapist": "This exercise is first done with a therapist in the room.",
    "above_today": "A quieter one today. Choose one of those that are shown.",
    "unknown_exercise": "There is no exercise of that name here.",
    "nothing_lower": "No looking or reaching is left in this one. Skipping to the return is possible.",
    "too_many_words": "A line to be spoken has thirty words at most.",
    "no_words": "Type a line with words in it first.",
    "line_waiting": "The line before is still on its way. Wait a moment.",
    "line_failed": "The voice could not speak that line. You can say it yourself.",
    "not_grounding": "This works after a pause for both.",
    "stopped_by_hand": "That phone was stopped by hand. Grounding can be begun on it, by hand.",
}
