"""Spanish, for readers on both sides of the Atlantic."""

from __future__ import annotations

from .base import Banned, Language, Phrase, Signs
from .touch_es import SPANISH_TOUCH

_LEAVE_OUT = "leave it out"
_NO_STORY = "write to how someone is today, not to what happened"
_A_CHOICE = 'write "se puede", with an alternative'
_NOT_TAKEN_BACK = r"(?<!no\s)(?<!nadie\s)(?<!nada\s)"

_BANNED: tuple[Banned, ...] = (
    Banned("deber", _NOT_TAKEN_BACK + r"deb(?:er|es|éis|en|ería\w*)", _A_CHOICE),
    Banned("tener que", _NOT_TAKEN_BACK + r"(?:tener que|t(?:ienes|ienen|enéis|endr\w+) que)", _A_CHOICE),
    Banned("hay que", _NOT_TAKEN_BACK + r"hay que", _A_CHOICE),
    Banned("trauma", r"traum\w*", _NO_STORY),
    Banned("abuso", r"abus\w*", _NO_STORY),
    Banned("simplemente", r"simplemente|solamente", _LEAVE_OUT, "clumsy"),
    Banned("intentar", r"intent\w*|trat(?:a|ad|ar) de", "name the thing itself", "clumsy", once=True),
    Banned("vamos a", r"vamos a", 'write "se puede"', "clumsy", once=True),
)
"""Words, whatever they are said for; what harms by its meaning is found by its kind (lint/kinds)."""

_SIGNS = Signs(
    and_="y",
    or_="o",
    to="a",
    times="por",
    number="número",
    about="unos",
    minus="menos",
    fractions={"½": "medio", "¼": "un cuarto", "¾": "tres cuartos", "⅓": "un tercio", "⅔": "dos tercios"},
    money={"$": "pesos", "€": "euros", "£": "libras", "¥": "yenes"},
    words={
        "&": "y",
        "+": "más",
        "=": "es",
        "%": "por ciento",
        "@": "arroba",
        "°": "grados",
        "×": "por",
        "÷": "entre",
        "≈": "unos",
    },
    shorthand={"c/u": "cada uno", "°C": "grados Celsius", "°F": "grados Fahrenheit"},
    powers={2: "al cuadrado", 3: "al cubo"},
    titles=frozenset({"dña.", "lic.", "ing.", "profa.", "srta."}),
    abbreviations=frozenset({"aprox.", "máx.", "mín.", "seg.", "pág."}),
)

SPANISH = Language(
    code="es",
    iso_639_2="spa",
    name="Español",
    parts={
        "arrive": "Llegar",
        "consent": "Opciones",
        "practice": "Práctica",
        "return": "Regreso",
        "close": "Cierre",
    },
    breath=("Inhala.", "Exhala."),
    seats={"circle": "Círculo", "square": "Cuadrado"},
    silent_e=False,
    drawn_out=0.98,
    banned=_BANNED,
    way_out=Phrase(r"\b(paus\w*|parar\w*|detener\w*)\b", "Cualquiera puede hacer una pausa."),
    lesser_wish=Phrase(r"\bquien quiera menos\b", "Vayan hasta donde diga quien quiera menos."),
    distance=Phrase(
        r"\b(?:tra(?:e|ig)|vuelv|reco[gj])\w*\b.{0,24}\b(?:ojos|manos|mirada)\b|"
        r"\b(?:ojos|manos)\b.{0,24}\b(?:vuelv\w*|de vuelta)\b",
        "Traigan los ojos de vuelta a su lado de la mesa.",
    ),
    over=Phrase(r"\b(?:eso es todo|aquí termina)\b", "Eso es todo por hoy."),
    marker="Aquí siguen ustedes.",
    signs=_SIGNS,
    touch=SPANISH_TOUCH,
    numbers={"una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6},
    breath_noun=r"respiraci(?:ón|ones)",
)
