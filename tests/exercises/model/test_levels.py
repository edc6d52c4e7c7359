"""Levels follow from what the steps show; a head may only raise them."""

from __future__ import annotations

import pytest

from exercises.languages import LANGUAGES
from exercises.library import parse_script
from exercises.loading.source import read_source
from exercises.model import Exercise
from tests.support.scripts import FILE, LOOKING, QUIET, changed, fitted, line_with, problems_of, saying

TOUCHES = {
    "en": """
        Take their hand.
        Put your hand on theirs.
        Lay your palm on their shoulder.
        Let one hand lie in the other person's hand.
        Rest your head against their arm.
        Let your hands meet in the middle.
        Let fingertips touch for a moment.
        Do you both want fingertips today?
        You can hold hands now.
        Sit hand in hand for a while.
        Let your knees touch.
        Lean against each other.
        Lean on them a little.
        You may want to lean for a breath.
        Reach for them when you like.
        Reach out to their shoulder.
        Sit shoulder to shoulder.
        Give each other a hug.
        Hold each other for three breaths.
        Squeeze their fingers once.
        You can touch, or stay where you are.
        Brush their cheek with your hand.
        Your back can rest against theirs.
        """,
    "es": """
        Toma su mano.
        Pon tu mano sobre la de la otra persona.
        Deja una mano sobre la suya.
        Apóyense una en la otra.
        Apoya la cabeza en su hombro.
        Tómense de las manos.
        Que las yemas de los dedos se toquen.
        Siéntense hombro con hombro.
        Abrácense un momento.
        Busca su mano.
        Acaricia la mano de la otra persona.
        Las manos se encuentran en el medio.
        Las rodillas se tocan.
        Recuéstate contra la otra persona.
        Un beso en la frente.
        """,
}
OWN = {
    "en": """
        Put a hand on your chest.
        Lay one hand on your own arm.
        Rest your palm on your knee.
        Place the other hand over your heart.
        """,
    "es": """
        Pon una mano en tu pecho.
        Apoya la mano sobre tu propio brazo.
        Deja la otra mano en tu rodilla.
        """,
}
NONE = {
    "en": """
        Look at their hands for a breath.
        Let your eyes rest on their shoulder.
        Lean back until the chair has you.
        Lean on the frame, and feel how it holds you.
        Feel your back against the chair.
        Hold them a moment, and feel how cold they are.
        Put your palm on the wall.
        Let your hands meet in your lap.
        Your hands won't meet in this one.
        Nobody gets touched in this one.
        Put a hand on your half, palm up, without touching.
        You don't have to take their hand.
        Let your hands rest on the table.
        It's still warm from the other one's hands.
        Feel how cold the glass is to the touch.
        Let your hands touch the table.
        It's easier when hands never meet.
        Your hands will want something to do. Let them rest on your knees.
        You decide how close this gets.
        Reach for the cup, and hold it.
        Take your hands back.
        Their keys are by the door.
        """,
    "es": """
        Mira sus manos un momento.
        Apoya la espalda en la silla.
        Nadie toca a nadie.
        No hace falta tomar su mano.
        Pon la palma sobre la mesa.
        Las manos descansan en la mesa.
        Toma la taza, y siente si está caliente.
        Trae las manos de regreso.
        Pon una mano en tu mitad, sin tocar la suya.
        """,
}


def lines(block: str) -> list[str]:
    return [line.strip() for line in block.strip().splitlines()]


def with_line(words: str, language: str = "en") -> Exercise:
    """The quiet script with one line in place of one of its own."""
    text = changed(QUIET, '"Look round the room."', f'"{words}"')
    value = {**read_source(FILE, text).value, "language": language}
    return Exercise.model_validate(value)


@pytest.mark.parametrize(("language", "words"), [(code, w) for code, b in TOUCHES.items() for w in lines(b)])
def test_a_touch_of_the_other_is_level_two(language: str, words: str) -> None:
    assert with_line(words, language).level == 2


@pytest.mark.parametrize(("language", "words"), [(code, w) for code, b in OWN.items() for w in lines(b)])
def test_a_hand_on_ones_own_body_is_level_one(language: str, words: str) -> None:
    assert with_line(words, language).level == 1


@pytest.mark.parametrize(("language", "words"), [(code, w) for code, b in NONE.items() for w in lines(b)])
def test_things_looks_and_what_is_taken_back_are_no_touch(language: str, words: str) -> None:
    assert with_line(words, language).level == 0


def test_every_language_knows_touch() -> None:
    assert set(LANGUAGES) == set(TOUCHES) == set(OWN) == set(NONE)


def test_the_head_never_lowers_a_level() -> None:
    low = parse_script(changed(LOOKING, "level: 2", "level: 0"), FILE)
    assert (low.stated_level, low.level) == (0, 2)


def test_the_head_may_raise_a_level() -> None:
    text = changed(QUIET, "level: 0", "level: 2")
    assert parse_script(text, FILE).level == 2
    assert problems_of(text) == []


def test_a_touch_in_any_wording_counts() -> None:
    text = fitted(saying("Take their hand."))
    found = {(p.line, p.severity, p.message) for p in problems_of(text)}
    assert (
        line_with(text, "Take their hand."), "error",
        '"Take their hand" is a touch, which is level 2; leave it out, or write `level: 2` and ask first',
    ) in found  # fmt: skip
    assert (line_with(text, "part: consent"), "harm") in {(line, weight) for line, weight, _ in found}
    assert parse_script(text, FILE).level == 2
