"""The normaliser and the word error rate, on recorded transcripts: only what an ear can tell apart is a mistake."""

from __future__ import annotations

import pytest

from bench.lib.recognition.word_errors import Mistake, compare, share


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("You're both here.", "you're both here"),
        ("Here. Still here!", "here, still HERE…"),
        ("It is your turn, and you are here.", "It's you're turn and you're hear."),
        ("You do not have to answer.", "You don't have to answer."),
        ("It is three o'clock.", "It's 3:00."),
        ("At 7:05 on the 3rd of May, 1994", "At seven oh five on the third of May nineteen ninety-four"),
        ("One hundred and five breaths", "105 breaths"),
        ("1,250 cups", "one thousand two hundred and fifty cups"),
        ("$5 and 50%", "five dollars and fifty per cent"),
        ("Half of 1/2 is a quarter.", "Half of one half is a quarter."),
        ("The colour of your neighbours' theatre", "the color of your neighbors theater"),
        ("Someone sat half-way down.", "Some one sat halfway down."),
        ("Stay every day.", "Stay everyday."),
        ("Wait here by the sea.", "Weight hear buy the see."),
        ("All right. OK.", "Alright, okay."),
        ("Dr. Lee and Mr. Ray", "doctor lee and mister ray"),
        ("Breathe out.", "[Music] Breathe out. (sighs)"),
        ("“Still here,” she said — twice.", '"Still here" she said, twice'),
        ("A café by the door", "a cafe by the door"),
    ],
)
def test_what_no_ear_can_tell_is_not_misheard(said: str, heard: str) -> None:
    assert compare(said, heard).mistakes == ()


@pytest.mark.parametrize(
    ("said", "heard", "wrong"),
    [
        ("Our hands", "Are hands", 1),
        ("Or stay with the floor.", "War stay with the floor.", 1),
        ("A lead weight", "I'll lead weight", 1),
        ("Shh.", "", 1),
        ("Here.", "Here. Thanks for watching.", 3),
        ("Fill the cup.", "File the cup.", 1),
        ("Let your eyes rest.", "Let your eye rest.", 1),
        ("You can stay.", "You can't stay.", 1),
        ("Fifteen breaths", "50 breaths", 1),
        ("You two sit.", "You sit.", 1),
        ("Loose hands", "Lose hands", 1),
        ("One was here.", "Once was here.", 1),
    ],
)
def test_what_an_ear_can_tell_is(said: str, heard: str, wrong: int) -> None:
    assert compare(said, heard).wrong == wrong


@pytest.mark.parametrize(
    ("said", "heard", "wrong"),
    [
        ("¿Tú qué ves? Inhala.", "tu que vez, inala", 0),
        ("Haya veintiuna tazas.", "Halla 21 tazas.", 0),
        ("Los dos siguen aquí.", "los 2 siguen aquí", 0),
        ("¿Cómo estás hoy?", "Como estás hoy", 0),
        ("Ahí hay una silla.", "Ay hay una silla.", 1),
        ("El año pasado", "El ano pasado", 1),
        ("La silla está cerca.", "La silla esta cerca.", 1),
        ("Deja la mano.", "Deja al hermano.", 2),
    ],
)
def test_spanish_is_compared_by_its_sounds(said: str, heard: str, wrong: int) -> None:
    assert compare(said, heard, "es-MX").wrong == wrong


def test_mistakes_say_what_was_said_and_what_was_heard() -> None:
    found = compare("Wind down, and let the day go by.", "Wend down and let day go bye now.")
    assert [str(mistake) for mistake in found.mistakes] == ["wind → wend", "the left out", "now added"]


def test_mistakes_side_by_side_are_told_as_one() -> None:
    assert compare("Notice your own breath.", "Notice you're a bread.").mistakes == (
        Mistake(("own", "breath"), ("a", "bread")),
    )


def test_the_share_is_of_all_words_that_were_said() -> None:
    readings = [compare("Stay.", "Day."), compare("You can stay here too.", "You can stay here too.")]
    assert share(readings) == pytest.approx(1 / 6)
    assert share([]) == 0.0
