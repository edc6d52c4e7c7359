"""Ends of sentences, as a reader hears them: "|" stands where a pause is made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.text import one_line, sentences

ENGLISH = """
Sit with Mr. Hill. | Then rest.
Mrs. Hill sits. | Ms. Gray stands. | Mx. Lee rests. | Prof. Dee stays.
St. John is near. | Rest.
Dr. A. B. Hill said so. | Rest.
J. R. R. Hill wrote. | Rest.
Hold something, e.g. the cup. | Rest.
Hold the other one, i.e. the bowl. | Rest.
Cup vs. bowl. | Choose.
Hold a cup, a spoon, etc. | Then rest.
Approx. two breaths. | Rest.
It is 3.5 metres away. | Rest.
It starts at 10 p.m. today. | Rest.
It starts at 10 p.m. | Rest now.
Stay in the U.S. today. | Rest.
“You can stop.” | Then rest.
"You can stop." | Then rest.
‘You can stop.’ | Then rest.
'You can stop.' | Then rest.
(You can stop.) | Then rest.
Rest (if you like.) | Then stay.
Say it: “I'm still here.” | Then be quiet.
“Stop,” one of you may say. | Then rest.
“Stop.” is a word. | Rest.
Rest… | Then look.
Rest... | Then look.
Rest ... | Then look.
Rest… | “Then look.”
Rest… and then look.
Rest... and then look.
Is it warm?! | Stay.
Is it warm? | Stay! | Rest.
What? | “Nothing.” | Fine.
Ready?... | Yes.
So am I. | Rest.
Plan A. | Then plan B.
No. 3 is fine. | Rest.
That's all. | That's it.
In. | Out.
one. | two. | three.
It’s 5. | Then rest.
"""

SPANISH = """
Toma algo, p. ej. la taza. | Descansa.
Toma algo, p.ej. la taza. | Descansa.
El Sr. Ruiz está aquí. | Descansa.
La Sra. Ruiz y la Dra. Paz están. | Descansa.
Ud. puede parar. | Uds. también.
Toma una taza, un plato, etc. | Luego descansa.
A las 10 a. m. empieza. | Descansa.
Av. Juárez está lejos. | Descansa.
Ana M. Ruiz está. | Descansa.
El núm. tres. | Descansa.
«Puedes parar.» | Luego descansa.
“Puedes parar.” | Luego descansa.
Descansa… | Luego mira.
Descansa... luego mira.
¿Está tibia? | Quédate.
¡Aquí! | ¿Sigues? | Quédate.
¿Está tibia?! | Quédate.
¿Quieres? | «No.» | Está bien.
Descansa… | ¿Y luego?
Descansa. | Él también. | Ñandú.
Vuelve a las 3.5. | Descansa.
"""

PAUSES = """
Hold the cup. | … | Find how warm it is.
Hold the cup. | ... | Find how warm it is.
Hold the cup. | ... ... | Find how warm it is.
Rest. | ... | Stay.
Rest. | . – . | Stay.
Rest. | ? | stay.
…
...
. – .
?
"""


def lines(listed: str) -> list[str]:
    return listed.strip().splitlines()


@pytest.mark.parametrize(
    ("language", "line"),
    [
        *(("en", line) for line in lines(ENGLISH) + lines(PAUSES)),
        *(("es", line) for line in lines(SPANISH) + lines(PAUSES)),
    ],
)
def test_a_line_is_split_where_a_reader_makes_a_pause(language: str, line: str) -> None:
    expected = [part.strip() for part in line.split("|")]
    assert sentences(" ".join(expected), language) == expected


@pytest.mark.parametrize("gap", ["\n", "\n\n", "  ", "\u00a0", "\t", "\r\n"])
def test_a_line_break_is_a_space(gap: str) -> None:
    assert sentences(f"Hold{gap}the cup.{gap}Rest.") == ["Hold the cup.", "Rest."]


@given(st.text(alphabet="ab AI.…?!,“”\"'()«»-–é5\n", max_size=60), st.sampled_from(["en", "es"]))
def test_the_parts_give_the_line_back(text: str, language: str) -> None:
    parts = sentences(text, language)
    assert " ".join(parts) == one_line(text)
    assert all(parts)


def test_a_language_that_has_no_scripts_is_split_too() -> None:
    assert sentences("Ruhe. Dann mehr.", "de") == ["Ruhe.", "Dann mehr."]
