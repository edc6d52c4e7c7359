"""Spanish, for readers on both sides of the Atlantic."""

from __future__ import annotations

from .base import Banned, Language, Phrase, Signs
from .touch_es import SPANISH_TOUCH

_LEAVE_OUT = "leave it out"
_SAY_WHAT_IS_SO = "say what is so, such as where they are and that they can stop"
_NO_STORY = "write to how someone is today, not to what happened"
_NO_PART = 'write "la primera persona", "la otra persona" or "cada cual"'
_A_CHOICE = 'write "se puede", with an alternative'

_BANNED: tuple[Banned, ...] = (
    Banned("relajar", r"relaj\w*", 'write "descansar"'),
    Banned("soltar", r"su[eé]lt\w*|soltar\w*|dejar? ir|deja ir", 'write "dejar eso ahí"'),
    Banned("rendirse", r"rinde\w*|ríndete|rendi\w*", 'write "quedarse" or "descansar"'),
    Banned("abrir el corazón", r"abr\w* (?:el|tu|su|vuestro) coraz[oó]n", _SAY_WHAT_IS_SO),
    Banned("perdonar", r"perd[oó]n\w*", _NO_STORY),
    Banned("merecer", r"merec\w*|merezc\w*", _LEAVE_OUT),
    Banned("deber", r"deb(?:er|es|éis|en|ería\w*)", _A_CHOICE),
    Banned("tener que", r"tener que|t(?:ienes|ienen|enéis|endr\w+) que", _A_CHOICE),
    Banned("hay que", r"hay que", _A_CHOICE),
    Banned("sanar", r"san(?:ar|a|as|ación|ador\w*)", _SAY_WHAT_IS_SO),
    Banned("curar", r"cur(?:ar|a|as|ación)", _SAY_WHAT_IS_SO),
    Banned("seguro", r"(?:a |in)?segur(?:o|a|os|as|idad)", _SAY_WHAT_IS_SO),
    Banned("confiar", r"(?:des)?conf[ií](?:ar|a|as|anza|en|emos)", "ask for nothing more than noticing"),
    Banned("trauma", r"traum\w*", _NO_STORY),
    Banned("víctima", r"v[ií]ctimas?", _NO_STORY),
    Banned("traición", r"traici\w*", _NO_STORY),
    Banned("engañar", r"engañ\w*", _NO_STORY),
    Banned("abuso", r"abus\w*", _NO_STORY),
    Banned("culpa", r"culp\w*", _NO_STORY),
    Banned("marido", r"maridos?|espos[oa]s?", _NO_PART),
    Banned("mujer", r"mujer(?:es)?|novi[oa]s?", _NO_PART),
    Banned("ella", r"ella", _NO_PART),
    Banned("respiración profunda", r"respir\w* (?:profund\w*|hondo)", 'write "tu respiración"'),
    Banned("aguantar la respiración", r"(?:aguant|conten|reten)\w* (?:la|el) (?:respiración|aire|aliento)",
           "no breath is held here"),
    Banned("mantener la mirada", r"(?:mant|sost)\w* la mirada", 'write "apartar la vista cuando se quiera"'),
    Banned("no apartes la mirada", r"no apart\w* la (?:mirada|vista)", 'write "apartar la vista cuando se quiera"'),
    Banned("cierra los ojos", r"cierr\w* los ojos|cerrad los ojos", 'write "los ojos abiertos, bajos o cerrados"'),
    Banned("derretirse", r"derr[ie]t\w*", _LEAVE_OUT),
    Banned("energía", r"energ\w*", "name a thing in the room"),
    Banned("vibración", r"vibra\w*", "name a thing in the room"),
    Banned("sagrado", r"sagrad\w*", 'write "corriente"'),
    Banned("perfecto", r"perfect\w*", 'write "basta"'),
    Banned("muy bien hecho", r"(?:muy )?bien hecho", "nothing is marked here; " + _LEAVE_OUT),
    Banned("simplemente", r"simplemente|solamente", _LEAVE_OUT),
    Banned("intentar", r"intent\w*|trat(?:a|ad|ar) de", "name the thing itself, with an alternative"),
    Banned("vamos a", r"vamos a", 'write "se puede"'),
    Banned("increíble", r"incre[ií]bles?|maravillos\w*", _LEAVE_OUT),
)  # fmt: skip

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
        "return": "Vuelta",
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
