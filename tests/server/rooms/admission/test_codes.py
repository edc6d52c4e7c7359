"""Codes that bring a phone into a room."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rooms.admission.codes import ALPHABET, CODE_LIFE_S, Codes, Grant, make_code, read_code, show_code
from server.rooms.core.protocol.errors import BadCode


def codes(seed: int = 0) -> Codes:
    return Codes(Random(seed).randbytes)


@given(st.binary(min_size=5, max_size=5))
def test_a_code_has_eight_letters_and_forty_bits(raw: bytes) -> None:
    code = make_code(lambda n: raw[:n])
    assert len(code) == 8
    number = 0
    for letter in code:
        number = number * 32 + ALPHABET.index(letter)
    assert number.to_bytes(5, "big") == raw


def test_no_letter_can_be_taken_for_another() -> None:
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


@given(st.text(alphabet=ALPHABET, min_size=8, max_size=8), st.randoms(use_true_random=False))
def test_a_code_can_be_typed_and_pasted_in_many_ways(code: str, random: Random) -> None:
    typed = show_code(code)
    assert read_code(typed) == code
    sloppy = typed.replace("0", random.choice("0oO")).replace("1", random.choice("1iIlL"))
    sloppy = "".join(random.choice((c, c.lower())) + random.choice(("", " ", "-", "–")) for c in sloppy)
    assert read_code(f" {sloppy}\n") == code


@pytest.mark.parametrize(
    "typed", ["", "ABCD", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFGU", "ABCD_EFGH", "é" * 8, "A" * 5000]
)
def test_what_is_no_code_is_refused_with_a_way_on(typed: str) -> None:
    with pytest.raises(BadCode, match="“New code” on the page that showed it"):
        read_code(typed)


def test_a_code_works_once() -> None:
    book = codes()
    code = book.issue("room", "square", 0.0)
    assert book.redeem(show_code(code).lower(), 1.0) == Grant("room", "square", CODE_LIFE_S)
    with pytest.raises(BadCode):
        book.redeem(code, 2.0)


def test_a_code_lives_ten_minutes_at_most() -> None:
    book = codes()
    code = book.issue("room", "square", 0.0, life_s=1e9)
    with pytest.raises(BadCode):
        book.redeem(code, CODE_LIFE_S)
    assert len(book) == 0


def test_a_new_code_for_a_seat_replaces_the_older() -> None:
    book = codes()
    older, other_seat = book.issue("room", "square", 0.0), book.issue("room", "circle", 0.0)
    newer = book.issue("room", "square", 1.0)
    with pytest.raises(BadCode):
        book.redeem(older, 2.0)
    assert book.redeem(newer, 2.0).seat == "square"
    assert book.redeem(other_seat, 2.0).seat == "circle"


def test_the_codes_of_a_room_end_with_it() -> None:
    book = codes()
    code = book.issue("room", "square", 0.0)
    stays = book.issue("another", "square", 0.0)
    book.close_room("room")
    with pytest.raises(BadCode):
        book.redeem(code, 1.0)
    assert book.redeem(stays, 1.0).room == "another"


def test_all_three_ways_of_being_bad_sound_the_same() -> None:
    book = codes()
    used, old = book.issue("a", "square", 0.0), book.issue("b", "square", 0.0)
    book.redeem(used, 1.0)
    said = set()
    for typed, now in ((used, 2.0), (old, 601.0), ("0000-0000", 2.0), ("x", 2.0)):
        with pytest.raises(BadCode) as raised:
            book.redeem(typed, now)
        said.add((raised.value.code, str(raised.value)))
    assert len(said) == 1


def test_the_table_shows_no_code() -> None:
    book = codes()
    code = book.issue("room", "square", 0.0)
    assert code not in repr(vars(book))


def test_codes_do_not_repeat_while_they_work() -> None:
    few = iter([b"k" * 32, b"\0" * 5, b"\0" * 5, b"\1" * 5])
    book = Codes(lambda n: next(few))
    assert book.issue("a", "square", 0.0) != book.issue("b", "square", 0.0)
