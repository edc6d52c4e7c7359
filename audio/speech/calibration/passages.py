"""Passages that a voice reads aloud when it is tuned, in each language of the scripts."""

from __future__ import annotations

from dataclasses import dataclass

from audio.speech.engines import DEFAULT_LANGUAGE, Voice


@dataclass(frozen=True)
class Passage:
    """Sentences of one language.

    level  plain lines, with the pauses that lines have, from which the level is measured
    pace   six of the scripts' sentences that, in the voices at hand, came near to the words a minute of all of them
           together; any other few are off by what their words are longer or shorter
    """

    level: str
    pace: tuple[str, ...]


PASSAGES = {
    "en": Passage(
        level="You are in this room, and there is a chair. Something may come up, or nothing. "
        "Look at the lamp, or the window, or the floor. That is enough for now.",
        pace=(
            "Your body thinks it's back there.",
            "You can be on guard, or low, and still breathe out.",
            "You can lay a hand on your own half.",
            "There's not much to do here.",
            "Notice which way the other room is from here.",
            "Put it across the table, and feel your hands.",
        ),
    ),
    "es": Passage(
        level="Estás en este cuarto, y hay una silla. Puede aparecer algo, o nada. "
        "Mira la lámpara, o la ventana, o el suelo. Con eso basta por ahora.",
        pace=(
            "Entonces vuelvan al suelo.",
            "Cada quien encontró su camino de vuelta.",
            "Pueden quedarse así donde están.",
            "También sirven la pared y el suelo.",
            "Si todo vuelve, empuja con los pies y mira alrededor.",
            "Ahora dejen que los ojos recorran el cuarto.",
        ),
    ),
}


def language_of(voice: Voice) -> str:
    """The language in which a voice reads: its own where there are scripts in it, else that of the first ones."""
    return next((tag for tag in PASSAGES if voice.speaks(tag)), DEFAULT_LANGUAGE)


def passage_of(voice: Voice) -> Passage:
    """One passage for a voice to read."""
    return PASSAGES[language_of(voice)]
