"""Words that are said in one of two ways, by the sounds that engines make of them: the list is held to these.

Two engines tell their phonemes: the natural English voice and espeak-ng, which also makes those of the embedded and of
the Piper voices. A row is a sentence and the sound that its word has to have there: in the alphabet of the one, then in
that of the other, without stress. "|" parts what is as right.
"""

from __future__ import annotations

import ctypes
import functools
import os
import re
from collections.abc import Callable

import pytest

from audio.speech.engines import Voice, hibari
from audio.speech.pronunciation.lexicon import said

CLOSE_VERB, CLOSE = ("klOz", "kləʊz"), ("klOs", "kləʊs")
LIVE_VERB, LIVE = ("lɪv", "lɪv"), ("lIv", "laɪv")
LED, LEAD = ("lɛd", "lɛd"), ("lid", "liːd")
RED, READ = ("ɹɛd", "ɹɛd"), ("ɹid", "ɹiːd")
TEAR_VERB, TEAR = ("tɛɹ", "teə"), ("tɪɹ", "tiə")
WIND_VERB, WIND = ("wInd", "waɪnd"), ("wɪnd", "wɪnd")
WOUND_VERB, WOUND = ("wWnd", "waʊnd"), ("wund", "wuːnd")
USE_VERB, USE = ("juz", "juːz"), ("jus", "juːs")
CONTENT, CONTENTS = ("kəntɛnt|kʌn tɛnt", "kəntɛnt|kʌntɛnt"), ("kɑntɛnt", "kɒntɛnt")
OBJECT_VERB, OBJECT = ("əbʤɛkt|ʌb ʤɛkt", "ɒbdʒɛkt|ʌbdʒɛkt"), ("ɑbʤəkt|ɑbʤɛkt", "ɒbdʒɛkt")
PRESENT_VERB, PRESENT = ("pɹəzɛnt|pɹɪzɛnt", "pɹɪzɛnt"), ("pɹɛzᵊnt", "pɹɛzənt")
BOW_DOWN, BOW = ("bW", "baʊ"), ("bO", "bəʊ")
MINUTE, TINY = ("mɪnət", "mɪnɪt"), ("mInut", "maɪnjuːt")

NO, BREATHED = ("nO", "nəʊ"), ("bɹiðd", "bɹiːðd")

TABLE = [
    ("They said no.", NO),
    ("No.", NO),
    ("Say “no.”", NO),
    ("You both breathed out.", BREATHED),
    ("Close it.", CLOSE_VERB),
    ("If it helps, close it.", CLOSE_VERB),
    ("Close your eyes if you'd like to.", CLOSE_VERB),
    ("You can keep them open or close them.", CLOSE_VERB),
    ("Let them close.", CLOSE_VERB),
    ("Let your eyes close.", CLOSE_VERB),
    ("Your eyes may close.", CLOSE_VERB),
    ("Close the door, and then rest.", CLOSE_VERB),
    ("Sit close to the window.", CLOSE),
    ("Stay close.", CLOSE),
    ("As close as you like.", CLOSE),
    ("You decide how close this gets.", CLOSE),
    ("Hands close, not touching.", CLOSE),
    ("A close friend.", CLOSE),
    ("Bring your hands close.", CLOSE),
    ("Let them sit close.", CLOSE),
    ("They live here.", LIVE_VERB),
    ("You both live with this.", LIVE_VERB),
    ("A place where two people live.", LIVE_VERB),
    ("It is live.", LIVE),
    ("The music is live.", LIVE),
    ("A lead weight.", LED),
    ("It feels heavy, like lead.", LED),
    ("Your legs are made of lead.", LED),
    ("One of you can lead.", LEAD),
    ("You don’t have to lead the way.", LEAD),
    ("Take the lead.", LEAD),
    ("Don't tear the paper.", TEAR_VERB),
    ("If a tear comes, let it.", TEAR),
    ("You may have read it before.", RED),
    ("The message was read.", RED),
    ("The message left on read.", RED),
    ("Nobody read it.", RED),
    ("Read this together.", READ),
    ("You can read it later.", READ),
    ("Wind down.", WIND_VERB),
    ("Let the day wind down.", WIND_VERB),
    ("Listen to the wind.", WIND),
    ("The wind is up tonight.", WIND),
    ("Wound up.", WOUND_VERB),
    ("If you're wound up, look at the floor.", WOUND_VERB),
    ("They wound the wool up.", WOUND_VERB),
    ("An old wound.", WOUND),
    ("The wound is still there.", WOUND),
    ("Use the wall.", USE_VERB),
    ("You can use the arm of the chair.", USE_VERB),
    ("There's no use in hiding.", USE),
    ("The use of a hand.", USE),
    ("Content to sit.", CONTENT),
    ("She's content.", CONTENT),
    ("You may be content with this.", CONTENT),
    ("The content of the drawer.", CONTENTS),
    ("If you object, say so.", OBJECT_VERB),
    ("Look at the same object.", OBJECT),
    ("Present it to them.", PRESENT_VERB),
    ("You're both present.", PRESENT),
    ("Bow your head a little.", BOW_DOWN),
    ("A small bow is enough.", BOW_DOWN),
    ("Tie a bow.", BOW),
    ("Wait a minute.", MINUTE),
    ("A minute crack in the cup.", TINY),
    ("Shh.", ("ʃʊʃ", "ʃʌʃ")),
    ("Rest here.", ("ɹɛst", "ɹɛst")),
]

HIBARI = Voice("heart", "X", "audio.speech.engines.hibari", "en-US", "heart")
ESPEAK = Voice("neutral", "X", "audio.speech.engines.system", "en", "x")


def without_stress(phonemes: str) -> str:
    return re.sub("[ˈˌ]", "", phonemes)


@functools.cache
def natural() -> Callable[[str], str]:
    """The maker of phonemes of a sentence in the natural voice."""
    sounds = pytest.importorskip("hibari.g2p").G2P()
    return lambda sentence: " ".join(hibari.phonemes_of(sentence, lambda text: [sounds(text)]))


@functools.cache
def espeak() -> Callable[[str], str]:
    """The maker of phonemes of a sentence in espeak-ng, in its British voice."""
    loader = pytest.importorskip("espeakng_loader")
    folder = os.path.dirname(loader.get_data_path())
    library = ctypes.CDLL(loader.get_library_path())
    synchronous, ipa, utf_8 = 2, 2, 1
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_Initialize(synchronous, 0, folder.encode(), 0)
    library.espeak_SetVoiceByName(b"gmw/en-gb-x-rp")

    def phonemes(text: str) -> str:
        rest, found = ctypes.c_char_p(text.encode()), []
        while rest.value:
            found.append(library.espeak_TextToPhonemes(ctypes.byref(rest), utf_8, ipa).decode())
        return " ".join(found)

    return phonemes


@pytest.mark.parametrize(("sentence", "sound"), TABLE, ids=[sentence for sentence, _ in TABLE])
def test_the_natural_voice_says_the_word_that_is_meant(sentence: str, sound: tuple[str, str]) -> None:
    spoken = without_stress(natural()(" ".join(said(sentence, HIBARI))))
    assert re.search(rf"(?<![^\s“])(?:{sound[0]})(?![^\s.,”])", spoken), spoken


@pytest.mark.parametrize(("sentence", "sound"), TABLE, ids=[sentence for sentence, _ in TABLE])
def test_espeak_says_the_word_that_is_meant(sentence: str, sound: tuple[str, str]) -> None:
    spoken = without_stress(espeak()(" ".join(said(sentence, ESPEAK))))
    assert re.search(rf"(?<!\S)(?:{sound[1]})", spoken), spoken
