"""Spanish words and the stems that they may be forms of, in every person that scripts may address.

Lexicons hold infinitives; `stems` gives what their forms begin with, vowel and spelling changes included, and `lemmas`
takes endings and attached pronouns off a form. Both make more than exists, which does no harm: a lexicon is small.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_ENDINGS = [
    "o",
    "as",
    "a",
    "amos",
    "ais",
    "an",
    "e",
    "es",
    "emos",
    "eis",
    "en",
    "ad",
    "ed",
    "id",
    "ar",
    "er",
    "ir",
    "ando",
    "iendo",
    "yendo",
    "endo",
    "ado",
    "ada",
    "ados",
    "adas",
    "ido",
    "ida",
    "idos",
    "idas",
    "i",
    "aste",
    "iste",
    "io",
    "asteis",
    "isteis",
    "aron",
    "ieron",
    "eron",
    "imos",
    "aba",
    "abas",
    "abamos",
    "aban",
    "ia",
    "ias",
    "iamos",
    "ian",
    "are",
    "ara",
    "aras",
    "aremos",
    "aran",
    "ere",
    "era",
    "eras",
    "eremos",
    "eran",
    "ire",
    "ira",
    "iras",
    "iremos",
    "iran",
    "aria",
    "arias",
    "ariamos",
    "arian",
    "eria",
    "erias",
    "erian",
    "iria",
    "irias",
    "irian",
    "iera",
    "ieras",
    "ieran",
    "ase",
    "asen",
    "iese",
    "iesen",
    "ase",
]
ENDINGS = tuple(sorted(set(_ENDINGS), key=len, reverse=True))
_CLITICS = re.compile(r"(?:me|te|se|nos|os)?(?:lo|la|le|los|las|les|me|te|se|nos|os)$")

_IRREGULAR = {
    "decir": "dec dic dig dij dir di",
    "hacer": "hac hag hic hiz har haz hech",
    "poner": "pon pong pus pondr puest",
    "tener": "ten teng tien tuv tendr",
    "venir": "ven veng vien vin vendr",
    "ver": "v ve vi vist",
    "ser": "ser son sea soy eres fue",
    "estar": "est estuv",
    "ir": "v va vay id ib",
    "dar": "d di de",
    "poder": "pod pued pud podr",
    "querer": "quer quier quis querr",
    "saber": "sab sep sup sabr",
    "traer": "tra traig traj tray",
    "salir": "sal salg saldr",
    "romper": "romp rot",
    "abrir": "abr abiert",
    "volver": "volv vuelv vuelt",
    "oir": "o oig oy",
    "creer": "cre crey",
    "huir": "huy hu",
    "morir": "mor muer muert mur",
    "escribir": "escrib escrit",
    "cubrir": "cubr cubiert",
}


@lru_cache(maxsize=4096)
def stems(infinitive: str) -> frozenset[str]:
    """The beginnings of a verb's forms."""
    for base in ("tener", "poner", "venir", "hacer", "decir", "traer", "ver"):
        if infinitive.endswith(base) and infinitive not in ("volver", "mover", "ver", base):
            front = infinitive[: -len(base)]
            if front in (
                "",
                "re",
                "a",
                "man",
                "sos",
                "de",
                "con",
                "ob",
                "entre",
                "pro",
                "im",
                "ex",
                "com",
                "dis",
                "su",
                "contra",
                "mal",
            ):
                return frozenset(front + stem for stem in _IRREGULAR[base].split())
    if infinitive in _IRREGULAR:
        return frozenset(_IRREGULAR[infinitive].split())
    stem, kind = infinitive[:-2], infinitive[-2:]
    return frozenset(_spellings(stem, kind)) | {
        each for changed in _vowels(stem) for each in _spellings(changed, kind)
    }


def _vowels(stem: str) -> Iterator[str]:
    found = re.match(r"(.*)([eou])([^aeiou]*)$", stem)
    if found:
        front, vowel, back = found.groups()
        for new in {"e": ("ie", "i"), "o": ("ue", "u"), "u": ("ue",)}[vowel]:
            yield front + new + back


def _spellings(stem: str, kind: str) -> Iterator[str]:
    yield stem
    if kind == "ar":
        for old, new in (("c", "qu"), ("g", "gu"), ("z", "c")):
            if stem.endswith(old):
                yield stem[:-1] + new
    else:
        for old, new in (("c", "zc"), ("c", "z"), ("gu", "g"), ("g", "j")):
            if stem.endswith(old):
                yield stem[: -len(old)] + new


@lru_cache(maxsize=16384)
def lemmas(word: str) -> frozenset[str]:
    """The word, its masculine singular, and every stem it may have, each marked with a hyphen ("mir-")."""
    found = {word}
    for plural in ("s", "es"):
        if word.endswith(plural) and len(word) - len(plural) > 2:
            found.add(word[: -len(plural)])
    for form in tuple(found):
        if form.endswith("a") and len(form) > 3:
            found.add(form[:-1] + "o")
    bodies = {word}
    if clitics := _CLITICS.search(word):
        bodies |= {
            word[: clitics.start()],
            word[: -len(re.sub(r".*?((?:lo|la|le)s?|me|te|se|nos|os)$", r"\1", word))],
        }
        # "sentemonos": the s of the first person is lost
        bodies |= {body + "s" for body in tuple(bodies) if body.endswith("mo")}
    for body in bodies:
        found |= {
            body[: -len(ending)] + "-"
            for ending in ENDINGS
            if body.endswith(ending) and len(body) > len(ending)
        }
        if len(body) <= 4 or body.endswith("en"):
            found.add(body + "-")  # imperatives without an ending: "pon", "haz", "sosten"
    return frozenset(found)
