"""Each rule of the content guide: one script that breaks it alone, the line it names and the sentence it gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from exercises.languages import LANGUAGES, Language
from exercises.lint import lint_file
from exercises.lint.wording import count_words
from tests.support.scripts import LOOKING, QUIET, TOUCHING, changed, fitted, line_with, problems_of, saying

SEEN_BY_TURN = """\
      instead:
        first: "Their hands, for one breath, or your own."
        second: "Your hands are seen, or put away somewhere."
        shared: "Hands are seen, or put away for now."
"""


@pytest.mark.parametrize("text", [QUIET, LOOKING, TOUCHING], ids=["quiet", "looking", "touching"])
def test_a_good_script_gets_no_remark(text: str) -> None:
    assert problems_of(text) == []


# what is written, what is written instead of it, where the finding points, and what it says
BROKEN = {
    "no way out": (
        QUIET, "Either of you can pause.", "Sit as you like.", "part: consent",
        'the consent part offers no way out; write "Either of you can pause."',
    ),
    "no question before a look": (
        LOOKING,
        '  - choice:\n      ask: "Do you both want one glance?"\n      yes: "Yes, one"\n      no: "Not today"\n',
        "  - rest: 14\n", "part: consent",
        "nobody is asked before they look, reach or touch; add a `choice:` to the consent part",
    ),
    "a look before the practice": (
        LOOKING, "  - part: practice\n",
        '  - gaze: {seconds: 5, instead: "Or not."}\n  - part: practice\n', "- gaze: {",
        '"gaze" stands outside the practice part; move it there',
    ),
    "the lesser wish": (
        LOOKING, "Go as far as the one who wants less.", "Find an amount that suits you both.",
        "part: consent", 'the lesser wish is not named; add "Go as far as the one who wants less."',
    ),
    "no distance back": (
        LOOKING, "Bring your eyes back.", "Feel the chair.", "part: return",
        'the return gives no distance back; write "Bring your eyes back to your own side of the room."',
    ),
    "no end": (
        QUIET, "That's all of it.", "Thank you both.", "part: close",
        'the close does not say that it is over; write "That\'s the end of this one."',
    ),
    "no time to decide": (
        QUIET, '  - cue: "Floor, or sound"\n  - rest: 10\n', "  - rest: 3\n", "Find the floor",
        "3 s is too little time to decide; add `- rest: 4` or more after this line",
    ),
    "two lines without a rest": (
        QUIET, '  - cue: "Floor, or sound"\n', '  - say: "Or neither."\n', "Find the floor",
        "0 s is too little time to decide; add `- rest: 4` or more after this line",
    ),
    "a long look": (
        changed(LOOKING, "rest: 14", "rest: 7"), "seconds: 5", "seconds: 31", "seconds: 31",
        "a look of 31 s is too long; write 30 or less",
    ),
    "no question before a touch": (
        TOUCHING,
        '  - choice:\n      ask: "Do you both want a finger on the screen?"\n'
        '      yes: "Yes, one"\n      no: "Not today"\n',
        "  - rest: 14\n", "part: consent",
        "nobody is asked before they look, reach or touch; add a `choice:` to the consent part",
    ),
    "a touch that waits for nobody": (
        TOUCHING, "wait: 20", "wait: 5", "wait: 5", "a touch waits 10 to 30 s for both, not 5",
    ),
    "a touch that waits for long": (
        changed(TOUCHING, "rest: 10", "rest: 5"), "wait: 20", "wait: 31", "wait: 31",
        "a touch waits 10 to 30 s for both, not 31",
    ),
    "a touch at level 0": (
        TOUCHING, "level: 1", "level: 0", "level: 0", "the steps ask for more than level 0; write `level: 1`",
    ),
    "what is said on one phone alone": (
        TOUCHING, "You can also keep it home.", "You should keep it home.", "one_phone:",
        '"should" is a word these scripts never use; write "you can", with an alternative',
    ),
    "a level too low": (
        LOOKING, "level: 2", "level: 1", "level: 1", "the steps ask for more than level 1; write `level: 2`",
    ),
    "a breath at level 0": (
        QUIET, "  - rest: 10\n", "  - breath: {in: 4, out: 6, cycles: 1}\n", "level: 0",
        "the steps ask for more than level 0; write `level: 1`",
    ),
    "a wording too short": (
        QUIET, "You can stay as you are.", "You can stay.", "heavy: ",
        "this wording has 3 words and the longest of this line has 6; write 5 to 6, so that both have something "
        "to hear for as long",
    ),
    "a long cue": (
        QUIET, '"Floor, or sound"', '"The floor or a sound or neither"', "- cue:",
        "this cue has 7 words; write at most 6, to be read at a glance",
    ),
    "a long answer": (
        LOOKING, '"Not today"', '"Not today and not tomorrow or ever"', "no: ",
        "this cue has 7 words; write at most 6, to be read at a glance",
    ),
    "digits": (
        QUIET, "Look round the room.", "Find 3 things.", "Find 3",
        'there are digits in this line; spell numbers out, such as "three"',
    ),
    "brackets": (
        QUIET, "Look round the room.", "Look round (slowly).", "Look round (",
        "there are brackets in this line; make what they hold a sentence of its own",
    ),
    "semicolon": (
        QUIET, "Look round the room.", "Look round; stay.", "Look round;",
        "there is a semicolon in this line; write two sentences",
    ),
    "too long for its length": (
        QUIET, "[60, 72, 120]", "[60, 66, 120]", "lengths:",
        "this takes 75 s as written, but 66 s is usual; shorten it or change it",
    ),
    "too short for its length": (
        QUIET, "[60, 72, 120]", "[60, 90, 120]", "lengths:",
        "this takes 75 s as written, but 90 s is usual; add rests or change it",
    ),
    "a banned word on the page": (
        QUIET, "Any chair.", "You must find one.", "place:",
        '"must" is a word these scripts never use; write "you can", with an alternative',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new", "where", "sentence"), BROKEN.values(), ids=BROKEN)
def test_each_rule_names_the_line_and_what_to_write(
    text: str, old: str, new: str, where: str, sentence: str
) -> None:
    broken = changed(text, old, new)
    if "lengths:" not in where:
        broken = fitted(broken)
    found = [(p.line, p.message) for p in problems_of(broken) if p.is_error]
    assert found == [(line_with(broken, where), sentence)]


def test_a_reach_is_level_three_and_met_with_a_therapist_first() -> None:
    reach = changed(LOOKING, "  - gaze:", "  - reach:")
    assert [p.message for p in problems_of(reach)] == [
        "level 3 is met with a therapist first; write `first_with_therapist: true`",
        "the steps ask for more than level 2; write `level: 3`",
    ]
    reach = changed(reach, "level: 2", "level: 3")
    assert [p.message for p in problems_of(reach)] == [
        "level 3 is met with a therapist first; write `first_with_therapist: true`"
    ]
    reach = changed(reach, "reviewed: null", "reviewed: null\nfirst_with_therapist: true")
    assert problems_of(reach) == []


def test_looks_by_turns_are_level_three() -> None:
    turns = changed(LOOKING, '      instead: "Their hands, for one breath, or your own."\n', SEEN_BY_TURN)
    assert "the steps ask for more than level 2; write `level: 3`" in {
        p.message for p in problems_of(fitted(turns))
    }


def test_contact_lasts_three_breaths_at_most() -> None:
    reach = fitted(changed(LOOKING, "  - gaze:", "  - reach:").replace("seconds: 5", "seconds: 40"))
    assert "a reach of 40 s is over three breaths; write 30 or less" in {
        p.message for p in problems_of(reach)
    }


def test_silence_is_checked_at_the_longest_length_offered() -> None:
    # 26 s of rest are fine at the usual length, and too long when the whole is stretched
    text = changed(QUIET, "[60, 72, 120]", "[72, 84, 150]")
    text = changed(text, "  - rest: 14\n", '  - cue: "Still"\n  - rest: 13\n  - bell: soft\n  - rest: 13\n')
    (problem,) = problems_of(text)
    assert problem.line == line_with(text, "guarded:") - 1
    assert problem.message.endswith(
        "s of silence follow when the whole takes 150 s, and 45 is the most; "
        'rest less, or put a line between, such as "You\'re still here, both of you."'
    )
    halved = changed(text, "  - bell: soft\n", '  - say: "Still here."\n')
    assert problems_of(halved) == []


def test_a_look_and_the_rest_after_it_are_one_silence() -> None:
    text = changed(LOOKING, "seconds: 5", "seconds: 30")
    (problem,) = problems_of(fitted(changed(text, "  - rest: 14\n", "  - rest: 16\n")))
    assert problem.line == line_with(text, "- gaze:")
    assert "silence follow" in problem.message


def test_a_paced_breath_is_not_silence() -> None:
    text = changed(QUIET, "  - rest: 10\n", "  - breath: {in: 4, out: 6, cycles: 7}\n")
    assert problems_of(fitted(changed(text, "level: 0", "level: 1"))) == []


def test_a_rest_may_come_in_pieces() -> None:
    text = changed(QUIET, "  - rest: 10\n", "  - rest: 2\n  - pause: 2\n  - rest: 6\n")
    assert problems_of(text) == []


def line_of_words(count: int) -> str:
    return ("Stay " + "near " * (count - 2) + "now.").strip()


@pytest.mark.parametrize(("count", "expected"), [(16, []), (17, [False]), (18, [False]), (19, [True])])
def test_a_long_sentence_is_warned_of_and_then_refused(count: int, expected: list[bool]) -> None:
    found = [p for p in problems_of(fitted(saying(line_of_words(count)))) if "the sentence" in p.message]
    assert [p.is_error for p in found] == expected
    if found:
        assert found[0].message == f'the sentence "Stay near near near …" has {count} words; write at most 16'


@pytest.mark.parametrize(("count", "refused"), [(30, False), (31, True)])
def test_a_line_has_thirty_words_at_most(count: int, refused: bool) -> None:
    first, second, third = line_of_words(12), line_of_words(12), line_of_words(count - 24)
    found = [
        p.message
        for p in problems_of(fitted(saying(f"{first} {second} {third}")))
        if "this line" in p.message
    ]
    assert found == ([f"this line has {count} words; write at most 30, or make it two"] if refused else [])


# whatever they are said for, with the inflections that mean the same
NEVER = """
should shouldn't|must mustn't|trigger triggered triggering|trauma traumatic|abuse abused abuser abusive|simply
"""


def never_said() -> list[str]:
    """Every entry of `NEVER`."""
    return NEVER.replace("|", " ").split()


@pytest.mark.parametrize("words", never_said())
def test_banned_words_are_found_in_lines_cues_and_on_the_page(words: str) -> None:
    for text in (
        saying(f"Stay, {words}, or not."),
        saying(f"{words.capitalize()} or not."),
        saying(f"Stay {words.upper()}.").replace("'", "’"),
        changed(QUIET, '"Floor, or sound"', f'"{words}"'),
        changed(QUIET, "Any chair.", f"Any {words} chair."),
    ):
        messages = [p.message for p in problems_of(text) if "never use" in p.message]
        assert len(messages) == 1, (words, messages)
        assert " is a word these scripts never use; " in messages[0]


def test_every_banned_word_is_tried() -> None:
    tried = never_said()
    unused = [
        banned.name
        for banned in LANGUAGES["en"].banned
        if not banned.once and not any(banned.found_in(words) for words in tried)
    ]
    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_what_a_language_bans_is_found_by_its_own_name_and_nowhere_in_what_it_suggests(
    language: Language,
) -> None:
    assert [banned.name for banned in language.banned if banned.found_in(banned.name) is None] == []
    suggested = (language.way_out, language.lesser_wish, language.distance, language.over)
    for words in (*(phrase.example for phrase in suggested), language.marker, *language.breath):
        assert [banned.name for banned in language.banned if banned.found_in(words)] == []
    assert all(phrase.is_in(phrase.example) for phrase in suggested)


INNOCENT = """
default adjust justice health sheep there these ashes shed mustard shoulder other the heap usher unhealthy theme
gust goat breathing closely smelt trustee
"""


@pytest.mark.parametrize("innocent", INNOCENT.split())
def test_words_that_only_hold_a_banned_one_are_left_alone(innocent: str) -> None:
    assert [p.message for p in problems_of(saying(f"Notice the {innocent} here."))] == []


def test_phrases_near_a_banned_one_are_left_alone() -> None:
    for line in (
        "Let the sound go by.",
        "Eyes open, lowered, or closed.",
        "A breath of any depth will do.",
        "Look away whenever you like.",
        "Let it be.",
        "A hand may rest, open, near you.",
    ):
        assert problems_of(saying(line)) == [], line


def test_a_therapists_notes_may_use_a_therapists_words() -> None:
    assert (
        problems_of(changed(QUIET, '["A held breath."]', '["Signs of trauma, or a hold on her breath."]'))
        == []
    )


def test_findings_stand_in_the_order_of_the_file() -> None:
    text = changed(saying("Relax."), "Find the floor, or a sound.", "You must, or should.")
    lines = [p.line for p in problems_of(text)]
    assert lines == sorted(lines)
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("words", "count"), [("Don't. It’s side-on.", 3), ("", 0), ("… — .", 0), ("One, two", 2), ("Élan", 1)]
)
def test_words_are_counted_as_a_reader_does(words: str, count: int) -> None:
    assert count_words(words) == count


class TestFiles:
    def test_a_good_file(self, tmp_path: Path) -> None:
        path = tmp_path / "quiet.yaml"
        path.write_text(QUIET, "utf-8")
        exercise, problems = lint_file(path)
        assert exercise is not None
        assert (exercise.id, problems) == ("quiet", [])

    def test_a_file_that_cannot_be_used(self, tmp_path: Path) -> None:
        path = tmp_path / "quiet.yaml"
        path.write_text(changed(QUIET, "  - part: consent\n", ""), "utf-8")
        exercise, problems = lint_file(path)
        assert exercise is None
        assert "the parts are arrive, consent, practice, return, close" in str(problems[0])

    def test_a_missing_wording(self, tmp_path: Path) -> None:
        path = tmp_path / "quiet.yaml"
        text = changed(QUIET, '      heavy: "You can stay as you are."\n', "")
        path.write_text(text, "utf-8")
        assert [str(p) for p in lint_file(path)[1]] == [
            f'{path}:{line_with(text, "guarded") - 1}: "heavy" is missing; add `heavy:`'
        ]

    def test_a_look_without_its_alternative(self, tmp_path: Path) -> None:
        path = tmp_path / "looking.yaml"
        path.write_text(
            changed(LOOKING, '      instead: "Their hands, for one breath, or your own."\n', ""), "utf-8"
        )
        assert [p.message for p in lint_file(path)[1]] == ['"instead" is missing; add `instead:`']

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        exercise, problems = lint_file(tmp_path / "none.yaml")
        assert exercise is None
        assert problems[0].message.startswith("the file cannot be read")

    def test_a_file_named_otherwise_than_its_id(self, tmp_path: Path) -> None:
        path = tmp_path / "loud.yaml"
        path.write_text(QUIET, "utf-8")
        exercise, problems = lint_file(path)
        assert exercise is not None
        assert [(p.line, p.message) for p in problems] == [
            (1, 'the id is "quiet" but the file is "loud.yaml"; name it "quiet.yaml"')
        ]
