"""Words for touch in Spanish."""

from __future__ import annotations

from .touch import Touch, Touching

_BODY = (
    r"(?:manos?|brazos?|hombros?|rodillas?|cara|rostro|espaldas?|mejillas?|dedos|yemas|palmas?|muñecas?|cuello|pelo|"
    r"cabello|pecho|corazón|piernas?|pies?|piel|cuerpo|cabeza|cintura|frente|codos?)"
)
_OF_THE_OTHER = r"(?:de\s+(?:la\s+otra\s+persona|quien\s+\w+|tu\s+pareja|enfrente|al\s+lado))"
_THE_OTHER = r"(?:la\s+otra\s+persona|tu\s+pareja|quien\s+está\s+(?:al\s+lado|enfrente))"
_TAKING = (
    r"(?:tom(?:a|á|e|en|ar|ando|arle|arse)|agarr\w+|sujet\w+|sost(?:én|ener\w*|engan?)|toc(?:a|á|ar\w*|ando)|toqu\w+|"
    r"apriet\w+|apret\w+|acarici\w+|roz(?:a|ar|ando)|roc\w+|cubr\w+)"
)
_NEGATIONS = r"no|ni|nunca|nadie|ningun[oa]?|sin|tampoco|en vez de|en lugar de"

SPANISH_TOUCH = Touch(
    of_the_other=Touching(
        patterns=(
            rf"\b{_TAKING}\s+(?:sus?|(?:l[ao]s?|el)\s+(?:\w+\s+)?{_BODY}\s+{_OF_THE_OTHER})\b(?:\s+{_BODY})?",
            rf"\b(?:busc|alcan[zc])\w+\s+(?:sus?\s+{_BODY}|(?:l[ao]s?\s+)?{_BODY}\s+{_OF_THE_OTHER}|a\s+{_THE_OTHER})",
            rf"\b(?:manos?|palmas?|brazos?|cabeza|dedos|yemas|hombros?|rodillas?|espaldas?)\b[^.,?!]{{0,24}}?"
            rf"\b(?:sobre|en|encima\s+de|contra|bajo|alrededor\s+de|junto\s+a)\s+"
            rf"(?:sus?\s+{_BODY}|(?:l[ao]s?|el)\s+(?:{_BODY}\s+)?{_OF_THE_OTHER}|la\s+suya|{_THE_OTHER})",
            r"\bmano\s+(?:con|sobre|en|a)\s+(?:la\s+)?mano\b|\bde\s+la\s+mano\b|\bde\s+las\s+manos\b",
            r"\b(?:manos|dedos|yemas|hombros|rodillas|brazos|pies|espaldas|frentes)\s+(?:\w+\s+)?(?:se\s+)?"
            r"(?:toc\w+|toqu\w+|encuentr\w+|junt\w+|rozan|rocen)\b",
            r"\b(?:yemas)\s+(?:de\s+los\s+dedos\s+)?(?:juntas|en\s+(?:el\s+)?medio)\b",
            r"\b(?:hombro\s+con\s+hombro|rodilla\s+con\s+rodilla|espalda\s+con\s+espalda|frente\s+con\s+frente)\b",
            rf"\b(?:apóy|apoy|recuést|recost|reclín)\w+\s+(?:\w+\s+)?(?:en|contra|sobre)\s+(?:{_THE_OTHER}|sus?\s+{_BODY})",
            r"\b(?:apóy|apoy|recuést|recost)\w+\s+(?:un[ao]\s+(?:en|contra|sobre)\s+(?:la\s+)?otr[ao])\b",
            r"\btóquense\b|\btocarse\b|\bse\s+to(?:can|quen)\b",
            r"\b(?:abr[aá][zc]\w*|bes(?:o|os|ar\w*|en|a)|acarici\w+|caricias?)\b",
        ),
        negations=_NEGATIONS,
    ),
    of_oneself=Touching(
        patterns=(
            r"\b(?:pon|pone|pongan?|apoya|apoyen|deja|dejen|lleva|lleven)\s+(?:una|la|tu|la\s+otra|la\s+propia)\s+"
            r"(?:mano|palma)\b[^.,?!]{0,24}?\b(?:en|sobre|contra)\s+(?:tu|el|la|su\s+propi[oa])\s+(?:propi[oa]\s+|otro\s+)?"
            r"(?:pecho|corazón|vientre|brazo|antebrazo|hombro|mejilla|cara|rodilla|muslo|cuello|manga)\b",
        ),
        negations=_NEGATIONS,
    ),
)
