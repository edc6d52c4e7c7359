"""Words for the ear: signs are said or left out, whatever engine reads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.text import has_words, in_ascii, spoken, utterances

SPOKEN = {
    "en": {
        "*Hold* the cup.": "Hold the cup.",
        "Tea & toast": "Tea and toast.",
        "Tea &amp; <b>toast</b>": "Tea and toast.",
        "and/or": "and or.",
        "hand/arm": "hand or arm.",
        "50% of it": "50 percent of it.",
        "$5, 5 €, €3.50, £2": "5 dollars, 5 euros, 3.50 euros, 2 pounds.",
        "½ a cup": "a half a cup.",
        "1½ cups, 1/2 cup, ¾": "1 and a half cups, a half cup, three quarters.",
        "20° out": "20 degrees out.",
        "a@b": "a at b.",
        "Rest — then look": "Rest, then look.",
        "Rest—then look": "Rest, then look.",
        "Rest -- then look": "Rest, then look.",
        "Rest - then look": "Rest, then look.",
        "a side-on look": "a side-on look.",
        "-5 outside": "minus 5 outside.",
        "pages 3–5": "pages 3 to 5.",
        "5*3 = 15": "5 times 3 is 15.",
        "2 + 2": "2 plus 2.",
        "#3, № 4": "number 3, number 4.",
        "~5 breaths": "about 5 breaths.",
        "# Rest": "Rest.",
        "Rest → look": "Rest, look.",
        "Rest -> look": "Rest, look.",
        "Hold 🙂 it ☕️ :)": "Hold it.",
        "I <3 this": "I this.",
        "`this` and _that_ ^": "this and that.",
        "ﬁne ① ²": "fine 1 2.",
        "“Stop,” one may say.": "Stop, one may say.",
        "It’s here, isn’t it?!": "It's here, isn't it?",
        "Stay (if you like).": "Stay, if you like.",
        "Rest… and look…": "Rest, and look.",
        "Hold": "Hold.",
        "brand™ • point": "brand, point.",
        "https://a.b": "a.b.",
        "Hold 你好 it": "Hold it.",
        "Rest.Then stay,here": "Rest. Then stay, here.",
        "Rest...then": "Rest, then.",
        "9 p.m. at www.a.b": "9 p.m. at www.a.b.",
        "Rest ― then ‒ look": "Rest, then, look.",
        "w/ them, w/o words": "with them, without words.",
        "20 °C": "20 degrees Celsius.",
        "10² m³": "10 squared m cubed.",
        ".5 of it": "0.5 of it.",
        "a => b <- c": "a, b, c.",
        "un*believ*able": "unbelievable.",
    },
    "es": {
        "té & pan": "té y pan.",
        "mano/brazo": "mano o brazo.",
        "50 %": "50 por ciento.",
        "½ taza": "medio taza.",
        "1½": "1 y medio.",
        "¿Está tibia?": "¿Está tibia?",
        "2 + 2": "2 más 2.",
        "#3": "número 3.",
        "y/o, e/o": "y o, e o.",
        "¿Sí?¿No?": "¿Sí? ¿No?",
        "20 °C": "20 grados Celsius.",
    },
}


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [(language, written, said) for language, pairs in SPOKEN.items() for written, said in pairs.items()],
)
def test_signs_are_said_or_left_out(language: str, written: str, said: str) -> None:
    assert spoken(written, language) == said


@pytest.mark.parametrize(
    "written", ["…", "...", ". – .", "?", "!?", "—", "🙂", "*", "你好", "", "“…”", "( )", "<3", "<b></b>"]
)
def test_what_holds_no_word_is_a_pause(written: str) -> None:
    assert spoken(written) == ""


def test_a_line_with_a_pause_in_it() -> None:
    assert utterances("Hold the cup. ... Find how *warm* it is") == (
        "Hold the cup.",
        "",
        "Find how warm it is.",
    )


@given(st.text(max_size=80), st.sampled_from(["en", "es"]))
def test_whatever_is_written_an_engine_gets_words_and_plain_signs(text: str, language: str) -> None:
    said = spoken(text, language)
    assert said == "" or (has_words(said) and said[-1] in ".?!")
    assert not re.search(r"[^\w\s.,?!:;'¿¡-]|_", said)


def test_what_is_ready_to_be_spoken_stays_so() -> None:
    for language, pairs in SPOKEN.items():
        assert [spoken(said, language) for said in pairs.values()] == list(pairs.values())


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("café", "cafe"),
        ("Zoë's naïve", "Zoe's naive"),
        ("mañana", "manana"),
        ("Straße, Øre, Łódź", "Strasse, ore, lodz"),
    ],
)
def test_letters_that_an_engine_lacks_become_plain_ones(text: str, plain: str) -> None:
    assert in_ascii(text).lower() == plain.lower()


@given(st.text(max_size=60))
def test_no_letter_is_lost_in_ascii(text: str) -> None:
    said = spoken(text)
    plain = in_ascii(said)
    assert plain.isascii()
    assert len([c for c in plain if c.isalpha()]) >= len([c for c in said if c.isalpha() and c.isascii()])
