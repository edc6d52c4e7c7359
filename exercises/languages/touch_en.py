"""Words for touch in English."""

from __future__ import annotations

from .touch import Touch, Touching

_BODY = (
    r"(?:hands?|arms?|shoulders?|knees?|face|back|cheeks?|fingers?|fingertips|palms?|wrists?|neck|hair|chest|heart|"
    r"legs?|foot|feet|skin|body|head|lap|waist|forehead|elbows?)"
)
_THEIR = r"(?:their|each other's|one another's|the other's|the other (?:one|person)'s|your partner's)"
_THE_OTHER = r"the other(?: one\b| person\b|(?='s\b)|(?=\s*(?:[.,?!]|$|and\b|or\b)))"
_THEIRS = rf"(?:{_THEIR}\s+(?:\w+\s+)?{_BODY}|theirs|each other|one another|{_THE_OTHER}|your partner)"
_TAKING = (
    r"(?:tak(?:e|es|ing)|hold(?:s|ing)?|touch(?:es|ing)?|squeez\w+|press\w*|strok\w+|clasp\w*|grasp\w*|caress\w*|"
    r"cover\w*|brush\w*|rub\w*|massag\w+)"
)
_NOTHING_ELSE = r"(?!\s+(?:the|a|an|your|something)\b)"

_NEGATIONS = r"no|not|never|nobody|none|neither|nor|without|instead of|cannot|\w+n't"

ENGLISH_TOUCH = Touch(
    of_the_other=Touching(
        patterns=(
            rf"\b{_TAKING}\s+(?:on to |onto |for )?{_THEIR}\s+(?:\w+\s+)?{_BODY}\b",
            rf"\breach\w*\s+(?:out\s+)?(?:for|to|towards?|over to)\s+(?:{_THEIRS}|them)\b",
            rf"\b{_BODY}\b[^.,?!]{{0,24}}?\b(?:on|onto|over|in|into|against|around|round|under|beneath|inside)\s+"
            rf"(?:top of\s+)?{_THEIRS}\b",
            r"\bhand (?:in|on|over|to) hand\b",
            rf"\bhands?\s+(?:\w+\s+)?(?:meet|meets|touch|touches|touching|joined|held)\b{_NOTHING_ELSE}"
            r"(?!\s+in your\b)",
            rf"\bfinger(?:tip)?s?\s+(?:\w+\s+){{0,2}}(?:meet|touch|touching|together)\b{_NOTHING_ELSE}",
            r"\b(?:want|to|with) fingertips\b",
            r"\b(?:hold|holding|join|joining|take|taking) hands\b",
            rf"\b(?:shoulders|knees|arms|feet|elbows|foreheads|backs)\s+(?:\w+\s+)?touch(?:ing)?\b{_NOTHING_ELSE}",
            r"\b(?:shoulder to shoulder|knee to knee|skin to skin|cheek to cheek|forehead to forehead|arm in arm)\b",
            rf"\blean\w*\b[^.,?!]{{0,24}}?\b(?:against|on|onto|into|towards?)\s+(?:{_THEIRS}|them)\b",
            r"\blean(?:ing)?\s+(?:in\s+)?together\b|\b(?:want|like|choose) to lean\b(?!\s+back)|\bleaning is\b",
            r"\b(?:touch|hold|strok|embrac|comfort)\w*\s+"
            r"(?:each other|one another|the other(?: one| person)|your partner)\b",
            r"\b(?:hug|hugs|hugging|embrac(?:e|es|ing)|kiss|kisses|kissing|cuddl\w+|caress\w*)\b",
            r"(?<!the )\btouch\b(?=\s*(?:[.,?!]|$|if\b|when\b|or\b|for\b|gently\b|lightly\b))",
        ),
        negations=_NEGATIONS,
    ),
    of_oneself=Touching(
        patterns=(
            r"\b(?:put|place|lay|rest|set)\s+(?:a|one|your|the other|your other|your own|one of your)\s+(?:\w+\s+)?"
            r"(?:hand|palm)\b[^.,?!]{0,24}?\b(?:on|over|to|against)\s+(?:your|your own|the)\s+(?:own\s+|other\s+)?"
            r"(?:chest|heart|belly|stomach|arm|forearm|shoulder|cheek|face|knee|thigh|neck|sleeve)\b",
        ),
        negations=_NEGATIONS,
    ),
)
