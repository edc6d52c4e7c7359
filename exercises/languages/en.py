"""English, the language that scripts are first written in."""

from __future__ import annotations

from .base import Banned, Language, Phrase, Signs
from .touch_en import ENGLISH_TOUCH

_LEAVE_OUT = "leave it out"
_SAY_WHAT_IS_SO = "say what is so, such as where they are and that they can stop"
_NO_STORY = "write to how someone is today, not to what happened"
_NO_PART = 'say "the first of you", "the other" or "each of you"'

_BANNED: tuple[Banned, ...] = (
    Banned("relax", r"relax\w*", 'write "rest"'),
    Banned("let go", r"let(?:s|ting)? go", 'write "leave that there"'),
    Banned("surrender", r"surrender\w*", 'write "stay" or "rest"'),
    Banned("open your heart", r"open\w* (?:your|their|our) hearts?", _SAY_WHAT_IS_SO),
    Banned("forgive", r"forgiv\w*|forgave", _NO_STORY),
    Banned("deserve", r"deserv\w*", 'write "allowed" or leave it out'),
    Banned("should", r"should(?:n't)?", 'write "you can", with an alternative'),
    Banned("must", r"must(?:n't)?", 'write "you can", with an alternative'),
    Banned("heal", r"heal(?:s|ed|ing)?", _SAY_WHAT_IS_SO),
    Banned("safe", r"(?:un)?safe(?:r|st|ly|ty)?", _SAY_WHAT_IS_SO),
    Banned("trust", r"(?:dis|mis)?trust(?:s|ed|ing)?", "ask for nothing more than noticing"),
    Banned("trigger", r"trigger(?:s|ed|ing)?", _NO_STORY),
    Banned("trauma", r"trauma\w*", _NO_STORY),
    Banned("victim", r"victim\w*", _NO_STORY),
    Banned("betray", r"betray\w*", _NO_STORY),
    Banned("cheat", r"cheat\w*", _NO_STORY),
    Banned("abuse", r"abus(?:e\w*|ing|ive\w*)", _NO_STORY),
    Banned("blame", r"blam(?:e|es|ed|ing)", _NO_STORY),
    Banned("fault", r"faults?", _NO_STORY),
    Banned("guilty", r"guilt(?:y|ily)?", _NO_STORY),
    Banned("perpetrator", r"perpetrat\w*", _NO_PART),
    Banned("the injured", r"the injured", _NO_PART),
    Banned("the offending", r"the offending", _NO_PART),
    Banned("husband", r"husbands?", _NO_PART),
    Banned("wife", r"wife|wives", _NO_PART),
    Banned("he", r"he|him|his|himself", _NO_PART),
    Banned("she", r"she|her|hers|herself", _NO_PART),
    Banned("deep breath", r"deep(?:er)? breath\w*|breath\w* deep\w*", 'write "your own breath"'),
    Banned("hold your breath", r"hold\w* (?:your|the|their|that) breaths?", "no breath is held here"),
    Banned("hold the gaze", r"hold\w* (?:the|your|their|that) gazes?", 'write "look away whenever you like"'),
    Banned("don't look away", r"(?:don't|do not|never) look away", 'write "look away whenever you like"'),
    Banned("close your eyes", r"clos\w* (?:your|the|both) eyes", 'write "eyes open, lowered or closed"'),
    Banned("melt", r"melt(?:s|ed|ing)?", _LEAVE_OUT),
    Banned("energy", r"energ(?:y|ies|etic)", "name a thing in the room"),
    Banned("vibration", r"vibrat\w*", "name a thing in the room"),
    Banned("sacred", r"sacred\w*", 'write "ordinary"'),
    Banned("perfect", r"perfect(?:s|ed|ly|ion)?", 'write "enough"'),
    Banned("good job", r"good job", "nothing is marked here; " + _LEAVE_OUT),
    Banned("well done", r"well done", "nothing is marked here; " + _LEAVE_OUT),
    Banned("just", r"just", _LEAVE_OUT),
    Banned("simply", r"simply", _LEAVE_OUT),
    Banned("try to", r"(?:try|tries|tried|trying) to", "name the thing itself, with an alternative"),
    Banned("let's", r"let's|let us", 'write "you can"'),
    Banned("amazing", r"amazing(?:ly)?", _LEAVE_OUT),
)

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
