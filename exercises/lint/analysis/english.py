"""English words and what they are forms of. Candidates, not answers: a lexicon decides which of them exist."""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = """
be am is are was were been being|have has had having|do does did done doing|go goes went gone|hold held
keep kept|tell told|say said|speak spoke spoken|forgive forgave forgiven|feel felt|leave left|come came
know knew known|think thought|take took taken|find found|break broke broken|lose lost|give gave given
bring brought|catch caught|make made|meet met|see saw seen|sit sat|sleep slept|stand stood|swear swore sworn
wear wore worn|win won|write wrote written|lie lay lain lying|hide hid hidden|choose chose chosen
begin began begun|lead led|mean meant|pay paid|rise rose risen|send sent|shake shook shaken|fall fell fallen
slide slid|stick stuck|strike struck|tear tore torn|understand understood|wake woke woken|bind bound
cling clung|deal dealt|draw drew drawn|hang hung|lean leant|good better best|bad worse worst|man men
woman women|wife wives|life lives|lip lips|knee knees|get got gotten|ride rode|run ran|teach taught
steal stole stolen|bear bore|overcome overcame|withdraw withdrew withdrawn|freeze froze frozen
drive drove driven|fight fought|sing sang sung|grow grew grown|show shown|die dying|kiss kisses|can could
will would|may might|shall should|one's one|breath breaths|betray betrayal|buy bought|become became
undergo underwent|mistake mistook mistaken|swim swam|weep wept|seek sought|sell sold|stride strode|throw threw
"""

IRREGULAR: dict[str, str] = {
    form: words[0]
    for words in (group.split() for group in re.split(r"[|\n]", _IRREGULAR))
    for form in words[1:]
}

_CONTRACTIONS = (
    (r"\bcan't\b|\bcannot\b|\bcant\b", "can not"),
    (r"\b(do|does|did|is|are|was|were|have|has|should|must)nt\b", r"\1 not"),
    (r"\bwon't\b", "will not"),
    (r"\bshan't\b", "shall not"),
    (r"\bain't\b", "is not"),
    (r"n't\b", " not"),
    (r"\blet's\b", "let us"),
    (
        r"\b(it|that|there|here|what|who|where|how|he|she|everything|nothing|nobody|everybody|everyone|someone|this)"
        r"'s\b",
        r"\1 is",
    ),
    (r"'re\b", " are"),
    (r"'ve\b", " have"),
    (r"'ll\b", " will"),
    (r"\bi'm\b", "i am"),
    (r"'d\b", " would"),
    (r"\bgonna\b", "going to"),
    (r"\bgotta\b", "got to"),
    (r"\bwanna\b", "want to"),
    (r"(?<=\w)'s\b", " 's"),
    (r"(?<=s)'(?=\s)", " 's"),
)  # fmt: skip
CONTRACTIONS = tuple((re.compile(pattern), plain) for pattern, plain in _CONTRACTIONS)


_NO_VERBS = frozenset(("he", "she", "the", "we", "me"))
"""Words that no ending is ever put to."""


@lru_cache(maxsize=8192)
def lemmas(word: str) -> frozenset[str]:
    """The word itself and whatever it may be a form of."""
    found = {word}
    if word in IRREGULAR:
        found.add(IRREGULAR[word])
    for ending, puts in (("ies", ("y", "ie")), ("es", ("", "e")), ("s", ("",)), ("ied", ("y",)), ("ed", ("", "e")),
                         ("ying", ("y", "ie")), ("ing", ("", "e")), ("ily", ("y",)), ("ly", ("",))):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= 2 and not word.endswith("ss"):
            stem = word[: -len(ending)]
            found |= {stem + put for put in puts} - _NO_VERBS
            if ending in ("ed", "ing") and len(stem) > 2 and stem[-1] == stem[-2]:
                found.add(stem[:-1])
    return frozenset(found)
