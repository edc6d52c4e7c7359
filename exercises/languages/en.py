"""English, the language that scripts are first written in."""

from __future__ import annotations

from .base import Banned, Language, Phrase, Signs
from .touch_en import ENGLISH_TOUCH

_LEAVE_OUT = "leave it out"
_NO_STORY = "write to how someone is today, not to what happened"
_A_CHOICE = 'write "you can", with an alternative'

_BANNED: tuple[Banned, ...] = (
    Banned("should", r"should(?:n't)?", _A_CHOICE),
    Banned("must", r"must(?:n't)?", _A_CHOICE),
    Banned("trigger", r"trigger(?:s|ed|ing)?", _NO_STORY),
    Banned("trauma", r"trauma\w*", _NO_STORY),
    Banned("abuse", r"abus(?:e\w*|ing|ive\w*)", _NO_STORY),
    Banned("simply", r"simply", _LEAVE_OUT, "clumsy"),
    Banned("just", r"just", _LEAVE_OUT, "clumsy", once=True),
    Banned(
        "try to",
        r"(?:try|tries|tried|trying) to",
        "name the thing itself, with an alternative",
        "clumsy",
        once=True,
    ),
    Banned("let's", r"let's|let us", 'write "you can"', "clumsy", once=True),
)
"""Words, whatever they are said for; what harms by its meaning is found by its kind (lint/kinds)."""

_SIGNS = Signs(
    and_="and",
    or_="or",
    to="to",
    times="times",
    number="number",
    about="about",
    minus="minus",
    fractions={"½": "a half", "¼": "a quarter", "¾": "three quarters", "⅓": "a third", "⅔": "two thirds"},
    money={"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"},
    words={
        "&": "and",
        "+": "plus",
        "=": "is",
        "%": "percent",
        "@": "at",
        "°": "degrees",
        "×": "times",
        "÷": "divided by",
        "≈": "about",
    },
    shorthand={"w/o": "without", "w/": "with", "°C": "degrees Celsius", "°F": "degrees Fahrenheit"},
    powers={2: "squared", 3: "cubed"},
    titles=frozenset({"ms.", "mx.", "messrs."}),
    abbreviations=frozenset({"approx.", "incl.", "min.", "sec.", "hr.", "hrs.", "ft."}),
)

ENGLISH = Language(
    code="en",
    iso_639_2="eng",
    name="English",
    parts={
        "arrive": "Arrive",
        "consent": "Choices",
        "practice": "Practice",
        "return": "Return",
        "close": "Close",
    },
    breath=("In.", "Out."),
    seats={"circle": "Circle", "square": "Square"},
    silent_e=True,
    drawn_out=1.0,
    banned=_BANNED,
    way_out=Phrase(r"\b(pause|stop)\b", "Either of you can pause."),
    lesser_wish=Phrase(r"\bthe one who wants less\b", "Go as far as the one who wants less."),
    distance=Phrase(
        r"\b(?:eyes|hands)\b.{0,24}\b(?:back|home)\b", "Bring your eyes back to your own side of the room."
    ),
    over=Phrase(r"\bthat(?:'s| was) (?:the end|all)\b", "That's the end of this one."),
    marker="You're still here, both of you.",
    signs=_SIGNS,
    touch=ENGLISH_TOUCH,
    numbers={"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6},
    breath_noun=r"breaths?",
)
