"""Characters: one form for each letter, one line, and nothing that nobody can see."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.text import as_print, has_words, one_line, typed_line, unseen

UNSEEN = {
    "\u200b": "zero width space",
    "\u200d": "zero width joiner",
    "\u2060": "word joiner",
    "\u200e": "left-to-right mark",
    "\u202e": "right-to-left override",
    "\u2066": "left-to-right isolate",
    "\u061c": "arabic letter mark",
    "\ufeff": "zero width no-break space",
    "\ufe0f": "variation selector-16",
    "\U000e0101": "variation selector-18",
    "\u00ad": "soft hyphen",
    "\u034f": "combining grapheme joiner",
    "\u180e": "mongolian vowel separator",
    "\u3164": "hangul filler",
    "\u115f": "hangul choseong filler",
    "\u2800": "braille pattern blank",
    "\U000e0041": "tag latin capital letter a",
    "\x00": "control character",
    "\x0b": "control character",
    "\x1b": "control character",
    "\x7f": "control character",
    "\x85": "control character",
    "\ue000": "private-use character",
    "\U000f0000": "private-use character",
    "\u0378": "unassigned character",
    "\ufffe": "unassigned character",
    "\ufffd": "replacement character",
    chr(0xD800): "half of a character",
}


@pytest.mark.parametrize(("character", "name"), UNSEEN.items(), ids=UNSEEN.values())
def test_an_unseen_character_is_found_with_its_place_and_name_and_taken_out(
    character: str, name: str
) -> None:
    (found,) = unseen(f"Ho{character}ld")
    assert (found.at, found.name) == (2, f"{name} (U+{ord(character):04X})")
    assert one_line(f"Ho{character}ld") == "Hold"
    assert not has_words(character)


@pytest.mark.parametrize(
    "text", ["Hold the cup.", "¿Mañana? «Sí» — “ya”…", "a\tb\nc\r\nd", "½ & → ☕ ñ ł", "a\u00a0b"]
)
def test_what_can_be_seen_is_no_finding(text: str) -> None:
    assert list(unseen(text)) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("man\u0303ana, perdo\u0301n", "mañana, perdón"),
        ("cafe\u200b\u0301", "café"),
        ("one\n\ntwo\r\nthree", "one two three"),
        ("  a\u00a0\u2009b\u3000 c\u2028d ", "a b c d"),
        ("\u212bngstro\u0308m", "Ångström"),
        ("isn‘t isn`t isn´t isnʼt isn′t", "isn’t isn’t isn’t isn’t isn’t"),
        ("side\u2010on, side\u2011on", "side-on, side-on"),
        ("Ｈｏｌｄ。Rest，look、stay！", "Hold. Rest, look, stay!"),
        ("Rest‥ Look⋯", "Rest… Look…"),
    ],
)
def test_a_text_is_one_line_in_composed_letters(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text())
def test_one_line_is_composed_seen_and_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert unicodedata.is_normalized("NFC", line)
    assert not list(unseen(line))
    assert line == " ".join(line.split()) == one_line(line)


@given(st.text(alphabet=st.characters(categories=["L", "M", "Zs", "P"])))
def test_decomposed_and_composed_are_the_same(text: str) -> None:
    assert one_line(unicodedata.normalize("NFD", text)) == one_line(text)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("*Hold* the **cup**", "Hold the cup"),
        ("_slowly_ and `plainly` ~~fast~~", "slowly and plainly fast"),
        ("<b>Hold</b> &amp; rest<br/>", "Hold & rest"),
        ("&lt;i&gt;Hold&lt;/i&gt; it", "Hold it"),
        ("Hold&#8203;ing &#x200b;on", "Holding on"),
        ("# Rest", "Rest"),
        ("un*believ*able, isn`t it", "unbelievable, isn’t it"),
        ("Rest => look --> stay", "Rest → look → stay"),
        ("[Rest] {now}.", "Rest now."),
        ("number #3, 5*3, ~5", "number #3, 5×3, ~5"),
        ("I <3 tea & toast", "I <3 tea & toast"),
        ("Rest . Now !", "Rest. Now!"),
        ("Rest. ... Stay.", "Rest. ... Stay."),
        ("Rest.\x00\nStay.", "Rest. Stay."),
    ],
)
def test_a_typed_line_is_shown_without_markup(typed: str, line: str) -> None:
    assert typed_line(typed) == line


@given(st.text(max_size=60))
def test_a_typed_line_holds_nothing_unseen(text: str) -> None:
    assert not list(unseen(typed_line(text)))


@pytest.mark.parametrize(("text", "expected"), [("a", True), ("5", True), ("é", True), ("…", False), ("你好", False),
                                                ("тот", False), ("½", False), ("☕", False), ("", False)])  # fmt: skip
def test_words_are_what_our_voices_can_say(text: str, expected: bool) -> None:
    assert has_words(text) is expected


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("You don't have to.", "You don’t have to."),
        ("both partners' hands", "both partners’ hands"),
        ("It’s here.", "It’s here."),
        ("'quoted", "'quoted"),
        ("5' tall", "5' tall"),
        ("niño's", "niño’s"),
    ],
)
def test_an_apostrophe_as_print_has_it(typed: str, printed: str) -> None:
    assert as_print(typed) == printed
