"""Signs in what is heard: each is a finding that says what to write instead."""

from __future__ import annotations

import pytest

from exercises.lint.signs import signs

LEAVE = "leave it out, since the words alone are heard"
SAY = "leave it out, or say it in words"

REMARKS = {
    "*Hold* it": f'"*" is dropped by a voice, or read by its name; {LEAVE}',
    "_Hold_ it": f'"_" is dropped by a voice, or read by its name; {LEAVE}',
    "`Hold` it": f'"`" is dropped by a voice, or read by its name; {LEAVE}',
    "Rest.Then look": 'there is no space after a "." in this line; write one',
    "Rest,then look": 'there is no space after a "," in this line; write one',
    "# Hold": f'"#" is dropped by a voice, or read by its name; {SAY}',
    "Hold → rest": f'"→" is dropped by a voice, or read by its name; {SAY}',
    "Hold it ☕": f'"☕" is dropped by a voice, or read by its name; {SAY}',
    "Hold it 🙂": f'"🙂" is dropped by a voice, or read by its name; {SAY}',
    "Hold | rest": f'"|" is dropped by a voice, or read by its name; {SAY}',
    "Hold ^ rest": f'"^" is dropped by a voice, or read by its name; {SAY}',
    "Hold • rest": f'"•" is dropped by a voice, or read by its name; {SAY}',
    "cup & spoon": '"&" is dropped by a voice, or read by its name; write "and"',
    "cup + spoon": '"+" is dropped by a voice, or read by its name; write "plus"',
    "cup/spoon": '"/" is dropped by a voice, or read by its name; write "or"',
    "half = enough": '"=" is dropped by a voice, or read by its name; write "is"',
    "half a %": '"%" is dropped by a voice, or read by its name; write "percent"',
    "a few €": '"€" is dropped by a voice, or read by its name; write "euros"',
    "a few $": '"$" is dropped by a voice, or read by its name; write "dollars"',
    "me @ home": '"@" is dropped by a voice, or read by its name; write "at"',
    "½ a cup": '"½" is dropped by a voice, or read by its name; write "a half"',
    "<b>Hold": '"<b>" is markup, which is heard as nonsense; leave it out',
    "tea &amp; toast": '"&amp;" is markup, which is heard as nonsense; leave it out',
    "h\u043eld": '"\u043e" is dropped by a voice, or read by its name; it is a letter of another kind (Cyrillic), so '
    "type the word anew",
    "hold 3": 'there are digits in this line; spell numbers out, such as "three"',
    "hold (it)": "there are brackets in this line; make what they hold a sentence of its own",
    "hold; rest": "there is a semicolon in this line; write two sentences",
}  # fmt: skip


@pytest.mark.parametrize(("words", "message"), REMARKS.items())
def test_a_sign_is_a_finding_that_says_what_to_write(words: str, message: str) -> None:
    assert [remark.message for remark in signs(words, "en")] == [message]


def test_in_spanish_it_says_so_in_spanish() -> None:
    (remark,) = signs("té & pan", "es")
    assert remark.message.endswith('write "y"')


@pytest.mark.parametrize(
    "words",
    [
        "Hold it, then — slowly – rest: so… “Yes?” ‘No!’",
        "It's a side-on look.",
        "¿Mañana? ¡Sí! «Ñandú» Zoë's café",
    ],
)
def test_what_people_write_is_none(words: str) -> None:
    assert list(signs(words, "es")) == []
