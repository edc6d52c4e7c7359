"""The therapist: signing in, opening a room, conducting it, and what the console never sees."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Service, start_service, stop_service
from tests.server.conftest import PASSCODE
from tests.support.phone import Phone, conducted, new_address, playing
from tests.support.wire import Refused


def begun(rooms: Service) -> tuple[Phone, Phone, Phone]:
    """A conducted exercise under way."""
    guide, circle, square = conducted(rooms, PASSCODE)
    for phone in (circle, square):
        phone.gets_ready()
    guide.sees("console", phase="ready")
    assert guide.says("start")["type"] == "done"
    playing(circle, square)
    return guide, circle, square


def test_a_wrong_passcode_is_one_sentence_and_tries_are_counted(rooms: Service) -> None:
    phone = Phone(rooms, new_address())
    answers = [phone.signs_in("sesame") for _ in range(7)]
    assert answers[0].code == "wrong_passcode"
    assert "therapist" not in phone.cookies
    assert answers[-1].status == 429
    other = Phone(rooms, new_address())
    assert other.signs_in(PASSCODE.upper()).json == {"address": "/therapist"}


def test_only_who_signed_in_opens_a_conducted_room(rooms: Service) -> None:
    phone = Phone(rooms, new_address())
    assert phone.opens("/therapist/rooms", screened="yes").code == "not_signed_in"
    phone.signs_in(PASSCODE)
    assert phone.opens("/therapist/rooms").code == "screening_first"
    assert phone.opens("/therapist/rooms", screened=True).status == 200
    assert phone.ask("GET", f"/rooms/{phone.room}/", Accept="text/html").status == 200
    phone.ask("POST", "/therapist/sign-out", {})
    assert phone.opens("/therapist/rooms", screened="yes").code == "not_signed_in"
    with pytest.raises(Refused):
        phone.connects()  # the console ends with the sign-in that it was opened by


def test_the_console_has_the_notes_of_each_exercise_and_a_partners_page_has_none(rooms: Service) -> None:
    guide, circle, _ = conducted(rooms, PASSCODE)
    console = guide.ask("GET", f"/rooms/{guide.room}/", Accept="text/html").body
    partner = circle.ask("GET", f"/rooms/{circle.room}/", Accept="text/html").body
    assert b'data-notes="doorway"' in console
    assert b"Watch for" in console
    assert b'value="doorway"' in console
    assert b"Watch for" not in partner


def test_who_waits_to_be_let_in_can_neither_fetch_nor_invite(rooms: Service) -> None:
    guide = Phone(rooms, new_address())
    guide.signs_in(PASSCODE)
    guide.opens("/therapist/rooms", screened="yes")
    guide.connects()
    guide.says("admission", on=True)
    stranger = Phone(rooms, new_address())
    stranger.joins(guide.invites("circle"))
    stranger.connects()
    assert stranger.sees("room")["missing"] == ["admission"]
    shown = guide.invites("square")
    for path in (f"clips/{'0' * 64}.flac", f"lines/{'0' * 32}.flac"):
        assert stranger.ask("GET", f"/rooms/{stranger.room}/{path}").code == "not_admitted"
    assert stranger.ask("POST", f"/rooms/{stranger.room}/invite", {"seat": "square"}).code == "not_admitted"
    assert (
        Phone(rooms, new_address()).joins(shown).status == 200
    )  # and the code that the console shows still holds
    guide.says("admit", seat="circle")
    assert stranger.ask("GET", f"/rooms/{stranger.room}/lines/{'0' * 32}.flac").code == "not_found"


def test_the_page_asks_for_the_passcode_and_then_for_the_exercise(rooms: Service) -> None:
    phone = Phone(rooms, new_address())
    before = phone.ask("GET", "/therapist", Accept="text/html")
    phone.signs_in(PASSCODE)
    after = phone.ask("GET", "/therapist", Accept="text/html")
    assert (before.status, after.status) == (200, 200)
    assert b"passcode" in before.body
    assert b"doorway" not in before.body
    assert b"doorway" in after.body
    assert after.headers["Cache-Control"] == "no-store"


def test_an_exercise_that_is_first_done_with_a_therapist_is_not_opened_without(rooms: Service) -> None:
    guided = next(e for e in _exercises(rooms) if e["first_with_therapist"])
    phone = Phone(rooms, new_address())
    assert phone.ask("POST", "/rooms", {"exercise": guided["id"]}).code == "not_on_its_own"


def _exercises(_: Service) -> list[dict[str, object]]:
    from exercises.library import load_library

    return [{"id": e.id, "first_with_therapist": e.first_with_therapist} for e in load_library()]


def test_the_therapists_pause_rests_both_and_only_the_therapist_resumes_it(rooms: Service) -> None:
    guide, circle, square = begun(rooms)
    assert guide.says("pause")["type"] == "done"
    for phone in (circle, square):
        assert phone.sees("room", phase="paused")["ask"] is None
    assert guide.sees("console", phase="paused")["can_resume"]
    assert guide.says("resume")["type"] == "done"
    for phone in (circle, square):
        assert phone.sees("room", phase="playing")


def test_a_typed_line_is_spoken_and_kept_nowhere(rooms: Service) -> None:
    guide, circle, square = begun(rooms)
    text = "Marmalade umbrellas, if you like."
    assert guide.says("say", text=text)["type"] == "done"
    line = circle.hears("line")
    sound = circle.ask("GET", f"/rooms/{circle.room}/{line['clip']}")
    assert sound.body[:4] == b"fLaC"
    assert sound.headers["Cache-Control"] == "no-store"
    assert square.hears("line")["clip"] is None
    assert Phone(rooms).ask("GET", f"/rooms/{circle.room}/{line['clip']}").status == 403
    assert not holding(rooms.data, b"Marmalade")


def holding(folder: Path, *secrets: bytes) -> list[Path]:
    """The files under a folder that hold any of these."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(secret in path.read_bytes() for secret in secrets)]


def test_the_console_never_sees_a_state_that_was_not_offered(rooms: Service) -> None:
    guide, circle, square = conducted(rooms, PASSCODE)
    for phone in (circle, square):
        phone.sees("plan")
        assert phone.says("nearest", nearest="heavy", let_see=False)["type"] == "done"
        phone.hears("plan")
        phone.gets_ready()
    guide.sees("console", phase="ready")
    assert "heavy" not in json.dumps([m for m in guide.told if m["type"] != "plan"])
    assert "heavy" not in json.dumps([m for m in square.told if m["type"] not in ("plan",)])
    assert circle.says("nearest", nearest="guarded", let_see=True)["type"] == "done"
    seen = guide.hears(lambda m: m["type"] == "console" and m["phones"]["circle"]["nearest"])
    assert seen["phones"]["circle"]["nearest"] == "guarded"
    assert seen["phones"]["square"]["nearest"] is None
    assert "guarded" not in json.dumps([m for m in square.told if m["type"] != "plan"])


def test_when_the_console_goes_away_the_silence_is_held_and_a_close_is_offered(rooms: Service) -> None:
    guide, circle, square = begun(rooms)
    guide.socket.vanish()
    for phone in (circle, square):
        assert phone.hears(lambda m: m["type"] == "room" and m["offer_close"], limit_s=12)["phase"] == "held"
    assert circle.says("close")["type"] == "done"
    assert square.sees("room", phase="closing")


def test_a_passcode_is_made_at_the_first_start_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    service = start_service(tmp_path / "data")
    assert service.process.stdout
    printed = service.process.stdout.readline()
    passcode = printed.split()[-1]
    file = tmp_path / "data" / "passcode"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().strip() == passcode
    assert Phone(service).signs_in(passcode).status == 200
    stop_service(service)
    again = start_service(tmp_path / "data")
    assert Phone(again).signs_in(passcode.lower()).status == 200
    again.process.terminate()
    assert again.process.stdout
    assert passcode not in again.process.stdout.read()
    stop_service(again)


def test_nothing_that_is_anybodys_own_is_written_down(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    service = start_service(tmp_path / "data", "--proxies", "1", errors=errors, STILL_HERE_PASSCODE=PASSCODE)
    guide, circle, square = conducted(service, PASSCODE)
    circle.sees("plan")
    code = Phone(service, "203.0.113.77").joins("AAAA-BBBB").status
    assert code == 403
    assert circle.says("nearest", nearest="heavy", let_see=True)["type"] == "done"
    circle.hears("plan")
    circle.socket.send('{"v": 1, "type": "marmalade"}')
    for phone in (circle, square):
        phone.gets_ready()
    guide.sees("console", phase="ready")
    guide.says("start")
    playing(circle, square)
    guide.says("say", text="Marmalade umbrellas.")
    circle.hears("line")
    secrets = [phone.cookies["seat"] for phone in (guide, circle, square)] + [guide.cookies["therapist"]]
    service.process.terminate()
    assert service.process.stdout
    printed = service.process.stdout.read() + errors.read_text()
    stop_service(service)
    raw = [base64.urlsafe_b64decode(token + "=") for token in secrets]
    words = ["Marmalade", "marmalade", "203.0.113", "198.18.", PASSCODE, *guide.codes, *secrets]
    assert not [word for word in words if word in printed]
    assert not holding(tmp_path / "data", *(word.encode() for word in words), *raw)
    kept = (tmp_path / "data" / "rooms" / "journal").read_text()
    assert guide.room in kept
    assert not [word for word in ("nearest", "let_see", "heavy") if word in kept]


def test_what_is_written_down_is_the_same_whatever_somebody_is_like(rooms: Service) -> None:
    guide, circle, _ = conducted(rooms, PASSCODE)
    circle.sees("plan")
    lines = []
    for state in ("guarded", "heavy", None):
        circle.says("nearest", nearest=state)
        lines.append([line for line in journal(rooms) if line[0] == guide.room][-1][1]["room"])
        assert lines[-1].pop("seats")["circle"][0] == circle.op
        lines[-1].pop("heard_at")
    assert lines[0] == lines[1] == lines[2]


def journal(rooms: Service) -> list[list[Any]]:
    """Every line that was kept of any room."""
    text = (rooms.data / "rooms" / "journal").read_text()
    return [json.loads(line) for line in text.splitlines() if line]
