"""Tests of the owner under attack: getting in, opening rooms, what ends with a sign-in, places of a passcode."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from server.cli.main import main
from server.config import SettingError, Settings, read_settings, take_secrets
from server.rooms.admission.admission import Admission
from server.rooms.core.protocol.errors import BadCode, TooMany
from server.rooms.core.state import IDLE_S, UNMET_S
from server.services.sign_in import make_passcode, passcode_file
from server.services.tokens import token_digest
from tests.conftest import Service
from tests.server.conftest import PASSCODE
from tests.support.phone import Phone, conducted, new_address
from tests.support.room_world import World
from tests.support.wire import Refused


def flooded() -> Admission:
    """Admission at which strangers have used every try up."""
    admission = Admission(os.urandom)
    for n in range(2000):
        try:
            admission.redeem("0000-0000", f"100.64.{n // 250}.{n % 250}", 1.0, None, lambda room: False)
        except (BadCode, TooMany):
            continue
    return admission


def test_the_right_code_passes_every_cap_but_its_own_addresss() -> None:
    admission = flooded()
    code = admission.invite("room", "square", 1.0)
    with pytest.raises(TooMany):
        admission.redeem("1111-1111", "192.0.2.9", 1.0, None, lambda room: False)
    assert admission.redeem(code, "192.0.2.9", 1.0, None, lambda room: False).room == "room"
    late = admission.invite("room", "circle", 1.0)
    for _ in range(9):
        with pytest.raises((BadCode, TooMany)):
            admission.redeem("1111-1111", "203.0.113.5", 400.0, None, lambda room: False)
    with pytest.raises(TooMany):
        admission.redeem(late, "203.0.113.5", 400.0, None, lambda room: False)


def test_the_owner_signs_in_beside_two_hundred_who_guess(rooms: Service) -> None:
    for n in range(200):
        Phone(rooms, f"100.65.{n}.1").signs_in("wrong passcode")
    assert Phone(rooms, new_address()).signs_in(PASSCODE).status == 200


def test_rooms_from_many_small_networks_are_counted_by_the_wider_one() -> None:
    admission, opened = Admission(os.urandom), 0
    for n in range(1000):
        try:
            admission.may_open(f"2001:db8:1:{n:x}::1", 0.0)
            opened += 1
        except TooMany:
            continue
    assert opened == 300
    admission.may_open("2001:db9::1", 0.0)


def test_a_room_that_nobody_connects_to_is_soon_gone_and_any_other_is_not() -> None:
    world = World()
    world.passes(UNMET_S + 61)
    assert world.room.state.forgotten
    met = World()
    met.joins("circle")
    met.loses("circle")
    met.passes(IDLE_S - 10)
    assert not met.room.state.forgotten


def test_signing_out_ends_the_console_and_nothing_else(rooms: Service) -> None:
    guide, circle, square = conducted(rooms, PASSCODE)
    assert guide.ask("POST", "/therapist/sign-out", {}).status == 200
    assert guide.close_code() == 4002
    with pytest.raises(Refused):
        guide.open_socket()
    assert circle.probes()
    assert square.probes()


def test_one_tap_ends_all_other_sign_ins_and_their_consoles(rooms: Service) -> None:
    guide, circle, _ = conducted(rooms, PASSCODE)
    elsewhere = Phone(rooms, new_address())
    assert elsewhere.signs_in(PASSCODE).status == 200
    assert elsewhere.ask("POST", "/therapist/sign-out-others", {}).status == 200
    assert guide.close_code() == 4002
    assert guide.ask("POST", "/therapist/rooms", {"exercise": "doorway", "screened": "yes"}).status == 403
    assert elsewhere.opens("/therapist/rooms", screened="yes").status == 200
    assert circle.probes()


def test_only_who_is_signed_in_ends_others(rooms: Service) -> None:
    assert Phone(rooms, new_address()).ask("POST", "/therapist/sign-out-others", {}).status == 403


# ── the passcode


def test_a_passcode_is_no_option_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--passcode", "long enough for it"])
    assert "--passcode" in capsys.readouterr().err


@pytest.mark.parametrize("passcode", ["x", "1234567", "a-b-c-d-e-f-g", "       a"])
def test_a_short_passcode_is_refused_in_one_sentence(passcode: str) -> None:
    with pytest.raises(SettingError, match="8 signs"):
        read_settings({}, {"STILL_HERE_PASSCODE": passcode})


def test_a_passcode_leaves_the_environment() -> None:
    environment = {"STILL_HERE_PASSCODE": "quiet lamp by the door", "STILL_HERE_PORT": "1"}
    assert read_settings({}, environment).passcode
    take_secrets(environment)
    assert environment == {"STILL_HERE_PORT": "1"}


def test_no_process_that_is_started_inherits_it(rooms: Service) -> None:
    children = Path(f"/proc/{rooms.process.pid}/task/{rooms.process.pid}/children").read_text().split()
    assert children
    for child in children:
        assert b"STILL_HERE_PASSCODE" not in Path(f"/proc/{child}/environ").read_bytes()


def test_a_short_one_in_the_file_is_refused(tmp_path: Path) -> None:
    passcode_file(tmp_path).write_text("abc\n")
    with pytest.raises(SettingError, match="too short"):
        make_passcode(Settings(data=tmp_path), os.urandom)


def test_an_owner_is_kept_as_a_digest_alone() -> None:
    assert len(token_digest("token")) == 64
